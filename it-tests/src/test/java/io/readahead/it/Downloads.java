package io.readahead.it;

import io.readahead.kit.RawHttp;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Whole files from a server, and whether they are right. */
final class Downloads {

    private Downloads() {
    }

    /** The answer is the whole file, byte for byte. */
    static void assertWhole(TestFile file, RawHttp.Body answer, ServerProcess server) {
        assertEquals(200, answer.status(), () -> "status of " + file.path() + "; " + server);
        assertEquals(file.size(), answer.bytes(), () -> "bytes of " + file.path() + "; " + server);
        assertTrue(answer.complete(), () -> "complete: " + file.path() + "; " + server);
        assertEquals(file.sha256(), answer.sha256(), () -> "SHA-256 of " + file.path() + "; " + server);
    }

    /**
     * Has the server load all classes that hot and cold files need, so that no loop is charged with reading its jars.
     *
     * @param bytes of the file that is asked for, every other time cold
     */
    static void warmUp(FileServer kind, ServerProcess server, Path root, long bytes, int requests) throws IOException {
        TestFile file = TestFile.write(root.resolve("warm-up.bin"), bytes);
        for (int request = 0; request < requests; request++) {
            try (RawHttp client = RawHttp.connect(server)) {
                if (request % 2 == 0) {
                    file = kind.keepsFilesMapped() ? TestFile.write(root.resolve("warm-up-" + request), bytes) : file;
                    file.evict();
                }
                assertWhole(file, client.get(kind.pathOf(file)), server);
            }
        }
    }

    /** A client that has connected, however it is to read. */
    interface Connection {
        RawHttp open() throws IOException;
    }

    /** Downloads each file once, all at a time, each on a connection of its own. */
    static void atATime(FileServer kind, ServerProcess server, List<TestFile> files) throws Exception {
        atATime(kind, server, files, () -> RawHttp.connect(server));
    }

    /** The same, by such clients. */
    static void atATime(FileServer kind, ServerProcess server, List<TestFile> files, Connection connection) throws Exception {
        atATime(files, server, file -> {
            try (RawHttp client = connection.open()) {
                return client.get(kind.pathOf(file));
            }
        });
    }

    /** One download, however it is asked for. */
    interface Download {
        RawHttp.Body of(TestFile file) throws IOException;
    }

    /** Downloads each file once, all at a time. */
    static void atATime(List<TestFile> files, ServerProcess server, Download download) throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(files.size());
        try {
            List<Callable<RawHttp.Body>> downloads = new ArrayList<>();
            for (TestFile file : files) {
                downloads.add(() -> download.of(file));
            }
            List<Future<RawHttp.Body>> answers = clients.invokeAll(downloads);
            for (int number = 0; number < files.size(); number++) {
                assertWhole(files.get(number), answers.get(number).get(), server);
            }
        } finally {
            clients.shutdownNow();
        }
    }
}
