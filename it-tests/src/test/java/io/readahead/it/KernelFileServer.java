package io.readahead.it;

import io.readahead.kit.CgroupLimits;
import io.readahead.kit.DiskSleepSampler;
import io.readahead.kit.Jdk;
import io.readahead.kit.RawHttp;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A server of files in a guest.
 *
 * @param root folder that is served
 * @param files below it, as they are stored
 * @param limits which it obeys; none is null
 */
record KernelFileServer(FileServer kind, KernelPlace place, Path root, List<TestFile> files, CgroupLimits limits) implements KernelServer {

    private static final long MOST_WARM_UP_BYTES = 1536 << 10;
    private static final int WARM_UP_REQUESTS = 8;
    /** A heap that is touched whole at once, so that what it needs later is no more than what it needs after its start. */
    private static final String[] CONSTANT_MEMORY = {"-Xms48m", "-Xmx48m", "-XX:+AlwaysPreTouch"};

    @Override
    public Running start(boolean agent, String mode) throws Exception {
        // The compiler that optimizes costs an emulated machine more than it gains in so short a life. Netty would look for a network
        // card to call itself by, and warn that there is none.
        ServerProcess.Builder builder = kind.builder(Jdk.current(), root, agent, mode.isEmpty() ? "" : "mode=" + mode)
                .jvm("-XX:TieredStopAtLevel=1").property("io.netty.machineId", "02:00:00:00:00:01");
        if (limits != null) {
            builder.jvm(CONSTANT_MEMORY).wrapper(limits.wrapper().toArray(String[]::new));
        }
        Running running = new RunningFileServer(this, builder.start());
        try {
            warmUp(running.process());
        } catch (Exception | AssertionError failure) {
            running.close();
            throw failure;
        }
        return running;
    }

    private void warmUp(ServerProcess server) throws IOException {
        TestFile file = TestFile.write(place.stored().resolve("warm-up.bin"),
                Math.min(MOST_WARM_UP_BYTES, files.get(0).size() / 2));
        for (int request = 0; request < WARM_UP_REQUESTS; request++) {
            if (request % 2 == 0) {
                place.evict(file);
            }
            download(server, file);
        }
    }

    /** Downloads one file on a connection of its own. */
    void download(ServerProcess server, TestFile file) throws IOException {
        try (RawHttp client = RawHttp.connect(server)) {
            Downloads.assertWhole(file, client.get(pathOf(file)), server);
        }
    }

    /** Downloads some on one connection, one after the other. */
    void downloadInTurn(ServerProcess server, List<TestFile> some) throws IOException {
        try (RawHttp client = RawHttp.connect(server)) {
            for (TestFile file : some) {
                Downloads.assertWhole(file, client.get(pathOf(file)), server);
            }
        }
    }

    /** Downloads its files at a time, each on a connection of its own. */
    void downloadAtATime(ServerProcess server) throws Exception {
        Downloads.atATime(files, server, file -> {
            try (RawHttp client = RawHttp.connect(server)) {
                return client.get(pathOf(file));
            }
        });
    }

    /** Its path in a URL, also below the folder that is served. */
    private String pathOf(TestFile file) {
        String path = kind.pathOf(file);
        if (root.equals(place.served()) || file.path().getParent().equals(root)) {
            return path;
        }
        String name = file.path().getFileName().toString();
        return path.replace(name, place.served().getFileName() + "/" + name);
    }

    private record RunningFileServer(KernelFileServer server, ServerProcess process) implements Running {

        @Override
        public List<TestFile> files() {
            return server.files;
        }

        @Override
        public DiskSleepSampler watch() throws IOException {
            return DiskSleepSampler.start(process.pid(), server.kind.loopThreads());
        }

        @Override
        public void download() throws Exception {
            server.downloadAtATime(process);
        }

        @Override
        public boolean printsOnStderr(String line) {
            return server.kind.printsOnStderr(line);
        }

        @Override
        public void close() {
            process.close();
        }
    }
}
