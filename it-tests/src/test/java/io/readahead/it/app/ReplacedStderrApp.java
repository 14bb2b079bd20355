package io.readahead.it.app;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Takes what is written to System.err for an error of its own, as servers do whose log manager takes the place of it. */
public final class ReplacedStderrApp {

    /** How its lines on stdout begin. */
    public static final String ERROR = "ERROR ";
    /** Its first line on stdout. */
    public static final String READY = "stderr is replaced";

    private ReplacedStderrApp() {
    }

    /** Ends by a signal. */
    public static void main(String[] arguments) throws InterruptedException {
        PrintStream stdout = System.out;
        System.setErr(new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8) {
            @Override
            public void println(String line) {
                stdout.println(ERROR + line);
            }
        });
        System.err.println("the control");
        stdout.println(READY);
        Thread.currentThread().join();
    }
}
