package io.readahead.it;

import io.readahead.kit.AgentStats;
import io.readahead.kit.DiskSleepSampler;
import io.readahead.kit.Jdk;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import io.readahead.kit.ThreadDiskAccount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Measures what the agent does on the kernel that this JVM finds itself on; {@code it-tests/kernels.sh} boots kernels with it.
 *
 * <p>A machine that is emulated is slow by no constant factor, so nothing is timed: the kernel's own account says who read. Each cell is
 * told on stdout by a {@link KernelLine} as soon as it is known; one that fails doesn't end the others.
 */
public final class KernelGuest {

    static final String GUEST = "guest";
    static final String WITHOUT = "without";
    static final String COLD = "cold";
    static final String HOT = "hot";
    static final String BEGUN = "begun";
    static final String AGENT = "agent";
    static final String OBSERVE = "observe";
    static final String END = "end";

    /** How the servers are called on the command line; a server of a kernel's row is one of these. */
    private static final Map<String, FileServer> SERVERS = Map.of(
            "netty-nio", new NettyServer("4.2", "nio", "/files/"),
            "netty-epoll", new NettyServer("4.2", "epoll", "/files/"),
            "java-nio", NioServer.TWO_SELECTORS);
    /** One with a key that is made when it is asked for. */
    private static final String NETTY_TLS = "netty-tls";

    private static final int FILES = 4;
    private static final long FILE_BYTES = 4 << 20;
    /** What another program has read of each file: the kernel's mark lies in the first window, between two, and behind. */
    private static final long[] HEAD_BYTES = {128 << 10, 256 << 10, 1 << 20, 1344 << 10};
    /** A program that begins so leaves marks between the pages that preadv2 is asked for where cachestat is missing. */
    private static final int FIRST_BYTES = 4 << 10;
    private static final long WARM_UP_BYTES = 1536 << 10;
    private static final int WARM_UP_REQUESTS = 8;
    private static final int HOT_ROUNDS = 2;
    private static final Pattern DEBIAN_VERSION = Pattern.compile("#.* Debian (\\S+)");

    private final Jdk jdk = Jdk.current();
    private final Path root;
    private final String name;
    private final FileServer kind;
    private final List<TestFile> files;

    private KernelGuest(Path root, String name, FileServer kind) throws IOException {
        this.root = root;
        this.name = name;
        this.kind = kind;
        files = TestFile.writeSeveral(root, name, FILES, FILE_BYTES);
    }

    /** Arguments: a folder on the slow disk; the servers. */
    public static void main(String[] arguments) throws IOException {
        Path root = Path.of(arguments[0]);
        Matcher version = DEBIAN_VERSION.matcher(Files.readString(Path.of("/proc/version")));
        String release = System.getProperty("os.version");
        tell(KernelLine.of(GUEST, KernelLine.NONE, "kernel", version.find() ? version.group(1) : release, "release", release,
                "jdk", System.getProperty("java.vm.version"), "fs", Files.getFileStore(root).type(),
                "cpus", Runtime.getRuntime().availableProcessors(), "memory", memory()));
        for (int i = 1; i < arguments.length; i++) {
            FileServer kind = arguments[i].equals(NETTY_TLS) ? NettyServer.secured("4.2", "nio") : SERVERS.get(arguments[i]);
            if (kind == null) {
                throw new IllegalArgumentException("no server " + arguments[i] + "; there are " + NETTY_TLS + " and " + SERVERS.keySet());
            }
            new KernelGuest(root, arguments[i], kind).measure();
        }
        tell(KernelLine.of(END, KernelLine.NONE));
    }

    private static String memory() throws IOException {
        return Files.readAllLines(Path.of("/proc/meminfo")).get(0).replaceAll("[^0-9]", "");
    }

    private void measure() {
        attempt(WITHOUT, this::withoutTheAgent);
        attempt(COLD, this::withTheAgent);
        attempt(OBSERVE, this::observed);
    }

    /** A part of the row that stands or falls by itself. */
    private interface Part {
        void measure() throws Exception;
    }

    private void attempt(String cell, Part part) {
        try {
            part.measure();
        } catch (Exception | AssertionError failure) {
            // Whole, for who reads the console; and a word of it for the page.
            failure.printStackTrace(System.out);
            tell(KernelLine.of(cell, name, KernelLine.FAILED, failure.toString().lines().findFirst().orElse("?")));
        }
    }

    private void withoutTheAgent() throws Exception {
        try (ServerProcess server = builder(false, "").start()) {
            Downloads.warmUp(kind, server, root, WARM_UP_BYTES, WARM_UP_REQUESTS);
            evict();
            tellReads(WITHOUT, download(server), Optional.empty());
        }
    }

    private void withTheAgent() throws Exception {
        try (ServerProcess server = builder(true, "").start()) {
            Downloads.warmUp(kind, server, root, WARM_UP_BYTES, WARM_UP_REQUESTS);
            evict();
            long parks = parks(server);
            LoopReads cold = download(server);
            tellReads(COLD, cold, Optional.of(parks(server) - parks));

            for (TestFile file : files) {
                file.warm();
            }
            parks = parks(server);
            for (int round = 0; round < HOT_ROUNDS; round++) {
                download(server);
            }
            tell(KernelLine.of(HOT, name, "parks", parks(server) - parks, "downloads", HOT_ROUNDS * FILES));

            evict();
            for (int number = 0; number < FILES; number++) {
                files.get(number).readHead(HEAD_BYTES[number], FIRST_BYTES);
            }
            parks = parks(server);
            LoopReads begun = download(server);
            tellReads(BEGUN, begun, Optional.of(parks(server) - parks));

            AgentStats stats = AgentHealth.afterStopOf(server, kind::printsOnStderr);
            tell(KernelLine.of(AGENT, name, "started", server.agentStderr().get(0), "failures", stats.failures()));
        }
    }

    private void observed() throws Exception {
        try (ServerProcess server = builder(true, "mode=observe").start()) {
            Downloads.warmUp(kind, server, root, WARM_UP_BYTES, WARM_UP_REQUESTS);
            evict();
            LoopReads reads = download(server);
            Map<String, String> told = AgentCommand.freshStatus(server.pid());
            tell(KernelLine.of(OBSERVE, name, "verdict", told.get("verdict"), "coldCalls", told.get("coldCalls"),
                    "waitMillis", Long.parseLong(told.get("diskWaitMicros")) / 1000, "loopBytes", reads.loop().readBytes()));
        }
    }

    private ServerProcess.Builder builder(boolean agent, String options) {
        // The compiler that optimizes costs an emulated machine more than it gains in so short a life. Netty would look for a network
        // card to call itself by, and warn that there is none.
        return kind.builder(jdk, root, agent, options).jvm("-XX:TieredStopAtLevel=1").property("io.netty.machineId", "02:00:00:00:00:01");
    }

    private void evict() throws IOException {
        for (TestFile file : files) {
            file.evict();
        }
    }

    private LoopReads download(ServerProcess server) throws Exception {
        Undisturbed undisturbed = Undisturbed.since(server.pid());
        try (DiskSleepSampler sampler = DiskSleepSampler.start(server.pid(), kind.loopThreads())) {
            Downloads.atATime(kind, server, files);
            ThreadDiskAccount loop = sampler.stop();
            return new LoopReads(loop, undisturbed.readTwice(FILES * FILE_BYTES), null);
        }
    }

    private static long parks(ServerProcess server) throws Exception {
        return Long.parseLong(AgentCommand.freshStatus(server.pid()).get("parks"));
    }

    private void tellReads(String cell, LoopReads reads, Optional<Long> parks) {
        tell(KernelLine.of(cell, name, "loopBytes", reads.loop().readBytes(), "fileBytes", FILES * FILE_BYTES,
                "looks", reads.loop().samples(), "asleep", reads.loop().dSamples(), "asleepInSendfile", reads.loop().sendfileDSamples(),
                "readTwice", reads.readTwice(), "parks", parks.map(Object::toString).orElse(KernelLine.NONE)));
    }

    private static void tell(KernelLine line) {
        System.out.println(line);
    }
}
