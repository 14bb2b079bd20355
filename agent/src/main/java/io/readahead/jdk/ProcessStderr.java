package io.readahead.jdk;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;

/**
 * The process's own stderr, whatever the server has put in the place of {@code System.err}: a server that hands that to its log
 * manager takes each line for an error, and the thread that writes one for its own.
 *
 * <p>Loader: the one that outlives the agents. {@code FileDescriptor.err} keeps each stream that was ever made of it
 * ({@code otherParents}, JDK 17 to 25), and closing one closes stderr for all.
 * <p>Errors: never throws; where stderr is closed the line is lost. Threads: any.
 */
public final class ProcessStderr {

    private static final FileOutputStream STREAM = new FileOutputStream(FileDescriptor.err);

    private ProcessStderr() {
    }

    /** Writes a line, with one system call, so that lines of several threads stay apart. */
    public static void line(String text) {
        try {
            STREAM.write((text + System.lineSeparator()).getBytes(Charset.defaultCharset()));
        } catch (IOException ignored) {
            // There is nobody left to be told.
        }
    }
}
