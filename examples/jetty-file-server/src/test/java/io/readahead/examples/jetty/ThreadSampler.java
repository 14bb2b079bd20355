package io.readahead.examples.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

/** Looks at the stacks of all threads of this JVM while a file is fetched. */
final class ThreadSampler {
    private ThreadSampler() {
    }

    /** Names of the threads that were seen in a method of that name while the target was fetched whole. */
    static Set<String> threadsIn(String method, ServerFixture server, String target) throws Exception {
        Set<String> names = new TreeSet<>();
        AtomicBoolean done = new AtomicBoolean();
        Thread sampler = new Thread(() -> {
            while (!done.get()) {
                names.addAll(threadsIn(method));
            }
        });
        sampler.start();
        try (RawClient client = new RawClient(server.port())) {
            client.request("GET", target);
            long length = client.head().contentLength();
            assertEquals(length, ServerFixture.drain(client.in(), length));
        } finally {
            done.set(true);
            sampler.join();
        }
        return names;
    }

    private static Set<String> threadsIn(String method) {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(entry -> Arrays.stream(entry.getValue()).anyMatch(frame -> frame.getMethodName().equals(method)))
                .map(Map.Entry::getKey)
                .map(Thread::getName)
                .collect(Collectors.toSet());
    }
}
