package io.readahead.warmup;

import io.readahead.jdk.Privileged;

/** A thread that keeps neither the JVM nor an application's class loader alive; started on behalf of a server's call. */
final class DaemonThread {

    private DaemonThread() {
    }

    /** Starts it. Errors: throws what the JVM throws where it has no thread to give. */
    static void start(Runnable body, String name) {
        Privileged.run(() -> {
            Thread thread = new Thread(body, name);
            thread.setDaemon(true);
            thread.setContextClassLoader(null);
            thread.start();
        });
    }
}
