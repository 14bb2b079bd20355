package io.readahead.it;

import io.readahead.kit.AgentStats;
import io.readahead.kit.Await;
import io.readahead.kit.CgroupLimits;
import io.readahead.kit.DiskSleepSampler;
import io.readahead.kit.ProcessCounts;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import io.readahead.kit.ThreadDiskAccount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

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
    static final String USED = "used";
    static final String LIMITED = "limited";
    static final String AGENT = "agent";
    static final String OBSERVE = "observe";
    static final String HANG = "hang";
    static final String END = "end";

    /** How the servers of files are called on the command line. */
    private static final Map<String, FileServer> FILE_SERVERS = Map.of(
            "netty-nio", new NettyServer("4.2", "nio", "/files/"),
            "netty-epoll", new NettyServer("4.2", "epoll", "/files/"),
            "java-nio", NioServer.TWO_SELECTORS,
            "tomcat", TomcatServer.TOMCAT_11,
            "undertow-blocking", UndertowServer.BLOCKING);
    /** One with a key that is made when it is asked for. */
    private static final String NETTY_TLS = "netty-tls";
    private static final String KAFKA = "kafka";

    private static final int FILES = 4;
    private static final long FILE_BYTES = 4 << 20;
    /** What is encrypted comes from a disk that is much slower, for an emulated machine takes so long for it. */
    private static final long TLS_FILE_BYTES = 1 << 20;
    /** Where memory is limited files are to be more than what it may hold. */
    private static final long LIMITED_FILE_BYTES = 8 << 20;
    private static final long LIMITED_ROOM_BYTES = 12 << 20;
    /** What another program has read of each file: the kernel's mark lies in the first window, between two, and behind. */
    private static final long[] HEAD_BYTES = {128 << 10, 256 << 10, 1 << 20, 1344 << 10};
    /** A program that begins so leaves marks between the pages that preadv2 is asked for where cachestat is missing. */
    private static final int FIRST_BYTES = 4 << 10;
    private static final int HOT_ROUNDS = 2;
    /** As in {@link UsedOnceIT}: a socket takes each of them at once. */
    private static final int USED_FILES = 64;
    private static final long USED_FILE_BYTES = 64 << 10;
    private static final Path LRU_GEN = Path.of("/sys/kernel/mm/lru_gen/enabled");
    private static final String ACTIVE_PAGES = "nr_active_file ";
    private static final int PAGE_BYTES = 4096;
    private static final int HANG_REQUESTS = 20;
    private static final Duration HANG_PATIENCE = Duration.ofSeconds(40);
    private static final Path NFSD_THREADS = Path.of("/proc/fs/nfsd/threads");
    private static final Pattern DEBIAN_VERSION = Pattern.compile("#.* Debian (\\S+)");

    private final KernelPlace place;
    private final String name;

    private KernelGuest(KernelPlace place, String name) {
        this.place = place;
        this.name = name;
    }

    /** Arguments: a folder on the slow disk; the servers. {@link KernelPlace} has the rest. */
    public static void main(String[] arguments) throws IOException {
        KernelPlace place = KernelPlace.of(Path.of(arguments[0]));
        Matcher version = DEBIAN_VERSION.matcher(Files.readString(Path.of("/proc/version")));
        String release = System.getProperty("os.version");
        tell(KernelLine.of(GUEST, KernelLine.NONE, "kernel", version.find() ? version.group(1) : release, "release", release,
                "jdk", System.getProperty("java.vm.version"), "fs", Files.getFileStore(place.served()).type(),
                "cpus", Runtime.getRuntime().availableProcessors(), "memory", memory(), "lruGen", lruGen()));
        for (int i = 1; i < arguments.length; i++) {
            new KernelGuest(place, arguments[i]).measure();
        }
        tell(KernelLine.of(END, KernelLine.NONE));
    }

    private static String memory() throws IOException {
        return Files.readAllLines(Path.of("/proc/meminfo")).get(0).replaceAll("[^0-9]", "");
    }

    /** What the kernel's newer way of ageing pages is switched to. */
    private static String lruGen() throws IOException {
        return Files.exists(LRU_GEN) ? Files.readString(LRU_GEN).strip() : KernelLine.NONE;
    }

    private void measure() {
        if (name.equals(KAFKA)) {
            measure(new KernelBroker(place.served()));
        } else if (place.kind().equals(KernelPlace.CGROUP)) {
            attempt(LIMITED, this::limited);
        } else {
            attempt(WITHOUT, () -> measure(fileServer(name.equals(NETTY_TLS) ? TLS_FILE_BYTES : FILE_BYTES, null)));
        }
    }

    private KernelFileServer fileServer(long fileBytes, CgroupLimits limits) throws IOException {
        FileServer kind = name.equals(NETTY_TLS) ? NettyServer.secured("4.2", "nio") : FILE_SERVERS.get(name);
        if (kind == null) {
            throw new IllegalArgumentException("no server " + name + "; there are " + NETTY_TLS + ", " + KAFKA + " and "
                    + FILE_SERVERS.keySet());
        }
        return new KernelFileServer(kind, place, place.served(), TestFile.writeSeveral(place.stored(), name, FILES, fileBytes), limits);
    }

    private void measure(KernelServer server) {
        attempt(WITHOUT, () -> withoutTheAgent(server));
        attempt(COLD, () -> withTheAgent(server));
        attempt(OBSERVE, () -> observed(server));
        if (place.kind().equals(KernelPlace.NFS)) {
            attempt(HANG, this::besideAMountThatHangs);
        }
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

    private void withoutTheAgent(KernelServer kind) throws Exception {
        try (KernelServer.Running server = kind.start(false, "")) {
            evict(server.files());
            tellReads(WITHOUT, server, download(server), Optional.empty());
        }
    }

    private void withTheAgent(KernelServer kind) throws Exception {
        try (KernelServer.Running server = kind.start(true, "")) {
            List<TestFile> files = server.files();
            evict(files);
            tellReadsAndParks(COLD, server);

            for (TestFile file : files) {
                asServed(kind, file).warm();
            }
            long parks = AgentCommand.parks(server.process().pid());
            for (int round = 0; round < HOT_ROUNDS; round++) {
                download(server);
            }
            tell(KernelLine.of(HOT, name, "parks", AgentCommand.parks(server.process().pid()) - parks,
                    "downloads", HOT_ROUNDS * files.size()));

            evict(files);
            for (int number = 0; number < files.size(); number++) {
                asServed(kind, files.get(number)).readHead(HEAD_BYTES[number], FIRST_BYTES);
            }
            tellReadsAndParks(BEGUN, server);
            if (kind instanceof KernelFileServer fileServer) {
                usedOnce(fileServer, server.process());
            }
            tellAgent(server);
        }
    }

    /** A broker writes its files itself, where it serves them. */
    private TestFile asServed(KernelServer kind, TestFile file) {
        return kind instanceof KernelFileServer ? place.served(file) : file;
    }

    private void tellAgent(KernelServer.Running server) {
        AgentStats stats = AgentHealth.afterStopOf(server.process(), server::printsOnStderr);
        tell(KernelLine.of(AGENT, name, "started", server.process().agentStderr().get(0), "failures", stats.failures()));
    }

    /**
     * What counts as used twice after one download of cold files, and after a second. Source: proc(5), /proc/vmstat.
     *
     * <p>The newer way of ageing pages hears of each use by the same calls, and shows nobody how many there were: it is switched off first.
     */
    private void usedOnce(KernelFileServer kind, ServerProcess server) throws IOException {
        String before = lruGen();
        lruGen("n");
        try {
            List<TestFile> small = TestFile.writeSeveral(place.stored(), name + "-small", USED_FILES, USED_FILE_BYTES);
            evict(small);
            long active = activeBytes();
            kind.downloadInTurn(server, small);
            long once = activeBytes() - active;
            kind.downloadInTurn(server, small);
            tell(KernelLine.of(USED, name, "fileBytes", USED_FILES * USED_FILE_BYTES, "once", once, "twice", activeBytes() - active));
        } finally {
            lruGen(before);
        }
    }

    /** Switches it, where the kernel has it. */
    private static void lruGen(String value) throws IOException {
        if (Files.exists(LRU_GEN)) {
            Files.writeString(LRU_GEN, value);
        }
    }

    private static long activeBytes() throws IOException {
        return PAGE_BYTES * figure(Path.of("/proc/vmstat"), ACTIVE_PAGES);
    }

    private void observed(KernelServer kind) throws Exception {
        try (KernelServer.Running server = kind.start(true, "observe")) {
            evict(server.files());
            LoopReads reads = download(server);
            Map<String, String> told = AgentCommand.freshStatus(server.process().pid());
            tell(KernelLine.of(OBSERVE, name, "verdict", told.get("verdict"), "coldCalls", told.get("coldCalls"),
                    "waitMillis", Long.parseLong(told.get("diskWaitMicros")) / 1000, "loopBytes", reads.loop().readBytes(),
                    "loopMillis", reads.loop().sleepMillis()));
        }
    }

    /** The same under limits of cgroup v2: a disk that is slow for the server alone, and memory that is less than it and its files need. */
    private void limited() throws Exception {
        for (boolean agent : new boolean[] {false, true}) {
            CgroupLimits.Attempt attempt = CgroupLimits.tryCreate(name);
            try (CgroupLimits limits = attempt.limits().orElseThrow(() -> new IllegalStateException(attempt.reason()));
                    KernelServer.Running server = fileServer(LIMITED_FILE_BYTES, limits).start(agent, "")) {
                evict(server.files());
                Path group = limits.directories().get(0);
                long most = Long.parseLong(Files.readString(group.resolve("memory.current")).strip()) + LIMITED_ROOM_BYTES;
                limits.limitMemory(most);
                limits.throttleRead(place.served(), Long.getLong("readahead.kernel.disk.bytes"));
                if (agent) {
                    tellReadsAndParks(COLD, server);
                } else {
                    tellReads(WITHOUT, server, download(server), Optional.empty());
                }
                tell(KernelLine.of(LIMITED, name, "version", limits.version(), "agent", agent, "memoryMax", most,
                        "reclaimedBytes", PAGE_BYTES * figure(group.resolve("memory.stat"), "pgsteal "),
                        "hitMax", figure(group.resolve("memory.events"), "max "), "killed",
                        figure(group.resolve("memory.events"), "oom_kill ")));
                if (agent) {
                    tellAgent(server);
                }
            }
        }
    }

    /** A figure of a file with a name and a number in each line. */
    private static long figure(Path file, String name) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(name)).mapToLong(line -> Long.parseLong(line.substring(name.length()).strip()))
                    .findFirst().orElseThrow(() -> new IOException("no " + name + "in " + file));
        }
    }

    /** The NFS server stops while downloads are under way: what is hot on another file system is answered, and they go on afterwards. */
    private void besideAMountThatHangs() throws Exception {
        KernelFileServer below = fileServer(FILE_BYTES, null);
        Path root = place.served().getParent();
        KernelFileServer kind = new KernelFileServer(below.kind(), place, root, below.files(), null);
        TestFile hot = TestFile.write(root.resolve("hot.bin"), USED_FILE_BYTES);
        String threads = Files.readString(NFSD_THREADS).strip();
        try (KernelServer.Running server = kind.start(true, "")) {
            kind.download(server.process(), hot);
            evict(server.files());
            long pid = server.process().pid();
            long parks = AgentCommand.parks(server.process().pid());
            FutureTask<Void> downloads = new FutureTask<>(() -> {
                kind.downloadAtATime(server.process());
                return null;
            });
            new Thread(downloads, "downloads").start();
            Await.until("downloads are under way", () -> Long.parseLong(AgentCommand.published(pid).get("parks")) > parks + FILES);
            ThreadDiskAccount loop;
            long parked;
            boolean waited;
            boolean answered;
            try {
                Files.writeString(NFSD_THREADS, "0");
                if (!allParked(pid)) {
                    tellStacks(server);
                }
                try (DiskSleepSampler sampler = server.watch()) {
                    FutureTask<Void> requests = new FutureTask<>(() -> {
                        for (int request = 0; request < HANG_REQUESTS; request++) {
                            kind.download(server.process(), hot);
                        }
                        return null;
                    });
                    new Thread(requests, "hot").start();
                    answered = isDoneSoon(requests);
                    loop = sampler.stop();
                    if (!answered) {
                        tellStacks(server);
                    }
                }
                parked = Long.parseLong(AgentCommand.freshStatus(pid).get("parkedNow"));
                waited = !downloads.isDone();
            } finally {
                Files.writeString(NFSD_THREADS, threads);
            }
            downloads.get();
            AgentStats stats = AgentHealth.afterStopOf(server.process(), server::printsOnStderr);
            tell(KernelLine.of(HANG, name, "parkedMeanwhile", parked, "hotRequests", HANG_REQUESTS, "answered", answered,
                    "looks", loop.samples(), "asleep", loop.dSamples(), "unfinished", waited,
                    "whole", server.files().size(), "failures", stats.failures()));
        }
    }

    /** Whether every download waits for a side thread within a while, which is long in this machine's time. */
    private static boolean allParked(long pid) throws Exception {
        long deadline = System.nanoTime() + HANG_PATIENCE.toNanos();
        while (Long.parseLong(AgentCommand.published(pid).get("parkedNow")) != FILES) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            Thread.sleep(500);
        }
        return true;
    }

    private static boolean isDoneSoon(FutureTask<?> task) throws Exception {
        try {
            task.get(HANG_PATIENCE.toSeconds(), TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException late) {
            return false;
        }
    }

    /** Where the server's threads are in the kernel, for who reads the console. */
    private static void tellStacks(KernelServer.Running server) throws IOException {
        long pid = server.process().pid();
        for (Map.Entry<Long, String> thread : ProcessCounts.threadNames(pid).entrySet()) {
            if (thread.getValue().matches("(netty-loop|readahead).*")) {
                Path folder = Path.of("/proc/" + pid + "/task/" + thread.getKey());
                System.out.println(thread.getValue() + " " + Files.readString(folder.resolve("syscall")).strip() + "\n"
                        + Files.readString(folder.resolve("stack")));
            }
        }
    }

    private void evict(List<TestFile> files) throws IOException {
        for (TestFile file : files) {
            place.evict(file);
        }
    }

    private static LoopReads download(KernelServer.Running server) throws Exception {
        Undisturbed undisturbed = Undisturbed.since(server.process().pid());
        try (DiskSleepSampler sampler = server.watch()) {
            server.download();
            ThreadDiskAccount loop = sampler.stop();
            return new LoopReads(loop, undisturbed.readTwice(bytes(server)), null);
        }
    }

    private static long bytes(KernelServer.Running server) {
        return server.files().stream().mapToLong(TestFile::size).sum();
    }

    private void tellReadsAndParks(String cell, KernelServer.Running server) throws Exception {
        long parks = AgentCommand.parks(server.process().pid());
        LoopReads reads = download(server);
        tellReads(cell, server, reads, Optional.of(AgentCommand.parks(server.process().pid()) - parks));
    }

    private void tellReads(String cell, KernelServer.Running server, LoopReads reads, Optional<Long> parks) {
        tell(KernelLine.of(cell, name, "loopBytes", reads.loop().readBytes(), "fileBytes", bytes(server),
                "looks", reads.loop().samples(), "asleep", reads.loop().dSamples(), "asleepInSendfile", reads.loop().sendfileDSamples(),
                "asleepInRead", reads.loop().readDSamples(), "readTwice", reads.readTwice(),
                "parks", parks.map(Object::toString).orElse(KernelLine.NONE)));
    }

    private static void tell(KernelLine line) {
        System.out.println(line);
    }
}
