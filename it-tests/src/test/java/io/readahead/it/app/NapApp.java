package io.readahead.it.app;

/** Lives long enough for the agent's threads to have looked around, and needs no module but java.base. */
public final class NapApp {

    private static final long MILLIS = 2_500;

    private NapApp() {
    }

    /** Sleeps. */
    public static void main(String[] arguments) throws InterruptedException {
        Thread.sleep(MILLIS);
        System.out.println("threads=" + Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("readahead-jmx")).count());
    }
}
