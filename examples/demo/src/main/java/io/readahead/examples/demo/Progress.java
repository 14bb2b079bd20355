package io.readahead.examples.demo;

import java.io.PrintStream;

/**
 * Says what goes on: a status line that is written over on a terminal, and a plain line for each thing that is done.
 *
 * <p>Threads: main.
 */
final class Progress {

    private static final String ERASE_LINE = "\r\033[K";

    private final PrintStream out;
    private final boolean terminal;

    Progress(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** Shows what goes on now; on a terminal only. */
    void status(String text) {
        if (terminal) {
            out.print(ERASE_LINE + text);
            out.flush();
        }
    }

    /** Says what is done, for good. */
    void line(String text) {
        if (terminal) {
            out.print(ERASE_LINE);
        }
        out.println(text);
    }
}
