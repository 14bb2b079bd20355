package io.readahead.examples.jetty;

import static io.readahead.examples.jetty.ServerFixture.drain;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Stream;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The claim that makes this server a test object: one thread per selector does everything for its connections. */
class SelectorThreadTest {
    private static final long LARGE = 256L << 20;

    @TempDir
    private Path root;

    /** Notes which threads handle requests. */
    private static final class Witness extends Handler.Wrapper {
        private final Set<String> threads = new ConcurrentSkipListSet<>();

        Witness(Handler handler) {
            super(handler);
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            threads.add(Thread.currentThread().getName());
            return super.handle(request, response, callback);
        }
    }

    @Test
    void everyRequestIsHandledByTheSelectorThread() throws Exception {
        try (ServerFixture server = new ServerFixture(root)) {
            Witness witness = new Witness(server.server().server().getHandler());
            server.server().server().setHandler(witness);
            server.start();
            server.sparseFile("large", 16 << 20);
            server.file("small", 20_000);
            // Pipelined, so that each next request is there when a response completes: in the handler, on OP_WRITE, in a worker.
            String[] targets = {"/files/small", "/files/large", "/files/small", "/blocking/large", "/files/large",
                "/blocking/small", "/files/small"};
            for (int round = 0; round < 10; round++) {
                try (RawClient client = new RawClient(server.port())) {
                    for (String target : targets) {
                        client.request("GET", target);
                    }
                    for (int i = 0; i < targets.length; i++) {
                        long length = client.head().contentLength();
                        assertEquals(length, drain(client.in(), length));
                    }
                }
            }
            assertEquals(Set.of("jetty-sel-0"), witness.threads);
        }
    }

    @Test
    void filesAreSentBySelectorThreadsAndBlockingOnesByWorkers() throws Exception {
        try (ServerFixture server = new ServerFixture(root).start()) {
            server.sparseFile("large", LARGE);
            assertEquals(Set.of("jetty-sel-0"), ThreadSampler.threadsIn("transferTo", server, "/files/large"));
            Set<String> workers = ThreadSampler.threadsIn("transferTo", server, "/blocking/large");
            assertFalse(workers.isEmpty());
            assertTrue(workers.stream().allMatch(name -> name.startsWith("jetty-worker-")), workers::toString);
        }
    }

    @Test
    void theKernelKnowsTheSelectorThreadsByName() throws Exception {
        try (ServerFixture server = new ServerFixture(root, "--selectors", "2").start()) {
            assertTrue(server.port() > 0);
            assertEquals(Set.of("jetty-sel-0", "jetty-sel-1"), kernelNames(SendfileConnector.SELECTOR_THREAD_PREFIX));
        }
        ServerFixture.await("the selector threads' end", () -> kernelNames(SendfileConnector.SELECTOR_THREAD_PREFIX).isEmpty());
    }

    private static Set<String> kernelNames(String prefix) throws Exception {
        Set<String> names = new TreeSet<>();
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            for (Path task : tasks.toList()) {
                Path comm = task.resolve("comm");
                String name = Files.exists(comm) ? Files.readString(comm).trim() : "";
                if (name.startsWith(prefix)) {
                    names.add(name);
                }
            }
        }
        return names;
    }
}
