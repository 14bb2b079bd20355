package io.readahead.examples.demo;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What has to be undone at the end, in reverse order, also when the demo is interrupted.
 *
 * <p>Errors: one line on stderr for each step that failed; the others are done all the same.
 * <p>Threads: main adds; main or the shutdown hook runs it, whoever comes first, and the other waits.
 */
final class Cleanup implements AutoCloseable {

    private final Deque<Step> steps = new ArrayDeque<>();
    private volatile boolean interrupted;

    /** Something to undo. */
    interface Step {
        void run() throws Exception;
    }

    /** Runs with the JVM's end, at the latest. */
    static Cleanup atExit() {
        Cleanup cleanup = new Cleanup();
        Runtime.getRuntime().addShutdownHook(new Thread(cleanup::interrupt, "demo-cleanup"));
        return cleanup;
    }

    /** True once the JVM is ending before the demo is done: what main sees break then is no news. */
    boolean interrupted() {
        return interrupted;
    }

    private synchronized void interrupt() {
        if (!steps.isEmpty()) {
            interrupted = true;
            System.err.println("demo: interrupted, cleaning up");
            close();
        }
    }

    synchronized void add(Step step) {
        steps.push(step);
    }

    @Override
    public synchronized void close() {
        while (!steps.isEmpty()) {
            try {
                steps.pop().run();
            } catch (Exception e) {
                System.err.println("readahead demo: can't clean up: " + e);
            }
        }
    }
}
