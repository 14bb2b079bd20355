package io.readahead.it.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Clients and faults for a while.
 *
 * <p>At its end first the faults stop, so that each client can end what it has begun; a client that doesn't is a problem, with its stack.
 * <p>Threads: starts and ends those of clients and faults; waits on the caller's.
 */
final class SoakPhase {

    /** Against hanging: more than a client waits for a byte, and than agents take to be put on beside all clients. */
    private static final long END_SECONDS = 180;
    private static final int MINUTE_SECONDS = 60;

    private final Tally tally;
    private final List<Thread> clients = new ArrayList<>();
    private final List<Thread> faults = new ArrayList<>();
    private volatile boolean faultsEnd;
    private volatile boolean clientsEnd;

    SoakPhase(Tally tally) {
        this.tally = tally;
    }

    /** Runs. @param connections to all servers together @param seed from which every client and every fault has its own */
    void run(List<SoakServer> servers, List<Fault> kinds, int connections, long seconds, long seed) throws InterruptedException {
        Random seeds = new Random(seed);
        for (int number = 0; number < connections; number++) {
            SoakServer server = servers.get(number % servers.size());
            start(clients, "soak-client-" + server + "-" + number, new SoakClient(server, tally, seeds.nextLong(), () -> clientsEnd));
        }
        for (Fault fault : kinds) {
            start(faults, "soak-fault-" + fault.getClass().getSimpleName(),
                    new FaultDriver(fault, tally, seeds.nextLong(), () -> faultsEnd));
        }
        for (long second = 1; second <= seconds; second++) {
            TimeUnit.SECONDS.sleep(1);
            for (SoakServer server : servers) {
                if (!server.process().isAlive()) {
                    throw new IllegalStateException("the server has ended: " + server.process());
                }
            }
            if (second % MINUTE_SECONDS == 0) {
                System.out.println("soak: minute " + second / MINUTE_SECONDS + ", " + SoakReport.line(tally));
            }
        }
        faultsEnd = true;
        join(faults);
        System.out.println("soak: the faults have ended, " + SoakReport.line(tally));
        clientsEnd = true;
        join(clients);
        System.out.println("soak: the clients have ended, " + SoakReport.line(tally));
    }

    private static void start(List<Thread> threads, String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private void join(List<Thread> threads) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(END_SECONDS);
        for (Thread thread : threads) {
            thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
        }
        Map<Thread, StackTraceElement[]> stacks = Thread.getAllStackTraces();
        for (Thread thread : threads) {
            if (stacks.containsKey(thread)) {
                tally.failed(thread.getName() + " does not end: " + List.of(stacks.get(thread)));
                thread.interrupt();
            }
        }
    }
}
