package io.readahead.it.soak;

import io.readahead.kit.Await;
import io.readahead.kit.ProcessCounts;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Looks for what is left when all clients have gone.
 *
 * <p>The bounds: descriptors what they were, but for a few of a server's own libraries. No thread and no object of any agent; of their
 * classes only those that compiled code on the stack of a server's idle thread may still refer to. Heap and native memory may have grown
 * by what a server's own caches and the compiler add in a run; an agent's classes alone are some MB for each time it is attached, so what
 * stays behind at each cycle is found by far.
 */
final class Leftovers {

    private static final long MOST_COPIES = 2;
    private static final int SPARE_DESCRIPTORS = 4;
    private static final int SPARE_THREADS = 3;
    /** Of the copies of its classes that may be left. */
    private static final long SPARE_AGENT_CODE_KIB = 2 << 10;
    private static final long SPARE_HEAP_KIB = 12 << 10;
    private static final long SPARE_NATIVE_KIB = 32 << 10;
    private static final long SPARE_ANONYMOUS_KIB = 48 << 10;
    private static final List<String> GAUGES = List.of("parkedNow", "openDescriptors", "budgetUsedBytes", "queuedNow");

    private Leftovers() {
    }

    /** Waits until no connection is left, and until an agent that is on holds nothing any more. */
    static void awaitIdle(SoakServer server, boolean agent) throws Exception {
        Await.until("no connection to " + server + " is left", () -> ProcessCounts.connections(server.port()) == 0,
                () -> ProcessCounts.descriptors(server.process().pid()));
        if (agent) {
            Await.until("the agent of " + server + " holds nothing", () -> holdsNothing(server.status()), server::status);
        }
    }

    private static boolean holdsNothing(Map<String, String> status) {
        return GAUGES.stream().allMatch(gauge -> "0".equals(status.get(gauge)));
    }

    /** Takes the agent off, where there is one, and waits until its threads and classes are gone. */
    static Footprint afterDetach(SoakServer server, boolean agent, Tally tally) throws Exception {
        if (agent) {
            String answer = server.detach();
            if (!answer.contains("DETACHED")) {
                tally.failed(server + " can't be detached from: " + answer);
            }
        }
        AtomicReference<Footprint> footprint = new AtomicReference<>();
        try {
            Await.until("the agent's threads and objects are gone from " + server, () -> {
                poke(server);
                footprint.set(Footprint.of(server, Leftovers::hasNoAgent));
                return hasNoAgent(footprint.get());
            }, footprint::get);
        } catch (AssertionError left) {
            tally.failed(left.getMessage() + "; the heap is in " + Footprint.dumpHeap(server));
        }
        return footprint.get();
    }

    private static boolean hasNoAgent(Footprint footprint) {
        return footprint.agentThreads() == 0 && footprint.agentObjects() == 0 && footprint.agentCopies() <= MOST_COPIES;
    }

    /**
     * One request: a selector lets go of a closed connection when it next selects, and what the connection holds, such as the exception
     * that closed it, holds the classes of all that were on the stack.
     */
    private static void poke(SoakServer server) throws IOException {
        try (HttpLine line = new HttpLine(server, 0)) {
            line.get(server.files().hot().get(0).pathOn(server.anyKind(new Random())), 0, 1);
            line.readHead();
        }
    }

    /** Tells the tally what has become more. */
    static void compare(Map<String, Footprint> before, Map<String, Footprint> after, Tally tally) {
        before.forEach((server, was) -> {
            Footprint is = after.get(server);
            compare(server + " descriptors", was.descriptors(), is.descriptors(), SPARE_DESCRIPTORS, tally);
            compare(server + " threads", was.threads(), is.threads(), SPARE_THREADS, tally);
            compare(server + " agent's code KiB", 0, is.agentCodeKib(), SPARE_AGENT_CODE_KIB, tally);
            compare(server + " heap KiB", was.heapKib(), is.heapKib(), SPARE_HEAP_KIB, tally);
            compare(server + " native KiB", was.nativeKib(), is.nativeKib(), SPARE_NATIVE_KIB, tally);
            compare(server + " anonymous KiB", was.anonymousKib(), is.anonymousKib(), SPARE_ANONYMOUS_KIB, tally);
        });
    }

    private static void compare(String what, long before, long after, long spare, Tally tally) {
        if (after > before + spare) {
            tally.failed(what + " grew from " + before + " to " + after + ", more than " + spare);
        }
    }
}
