package io.readahead.it;

import io.readahead.kit.Await;
import io.readahead.kit.CgroupLimits;
import io.readahead.kit.DiskSleepSampler;
import io.readahead.kit.PinnedRange;
import io.readahead.kit.RawHttp;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import io.readahead.kit.ThreadDiskAccount;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Cold downloads from a disk that is as good as stopped, and one client that fetches a hot file meanwhile: who is first?
 *
 * @param root folder that is served
 */
record HotRace(Path root, TestFile hot, List<TestFile> cold) {

    /** Enough hot answers for their client to have won. */
    static final int HOT_ANSWERS = 100;

    /** So the disk needs three seconds for what ends the race, whoever it is for. */
    private static final long DISK_BYTES_PER_SECOND = 256 << 10;
    private static final long COLD_PROGRESS_BYTES = 768 << 10;

    private static final long HOT_BYTES = 20_000;
    private static final long COLD_BYTES = 512 << 10;
    /** More of the first file than the buffers of two sockets hold, 4 MB by default; where a worker begins it is in the page cache. */
    private static final long HEAD_BYTES = 8 << 20;
    /** Long enough for a worker to fill a socket from the page cache, or to come to cold bytes. */
    private static final int FILL_MILLIS = 300;
    private static final int SMALL_BUFFER_BYTES = 64 << 10;
    private static final int STEP_BYTES = 16 << 10;
    /** A control has lost when the disk was stopped for so long: without the agent one sendfile alone takes four times as long. */
    private static final int CONTROL_SECONDS = 4;

    /** Writes the files; the hot one stays in the page cache, for a loop that answers from the disk is slow with any agent. */
    static HotRace prepare(Path root, int coldFiles) throws IOException {
        List<TestFile> cold = new ArrayList<>();
        for (int number = 0; number < coldFiles; number++) {
            cold.add(TestFile.write(root.resolve("cold-" + number + ".bin"), number == 0 ? HEAD_BYTES + COLD_BYTES : COLD_BYTES));
        }
        return new HotRace(root, TestFile.write(root.resolve("hot.bin"), HOT_BYTES).pin(), cold);
    }

    /** What the server is to read from the disk in the race: the cold files, but for the head that the test has read for a worker. */
    long coldBytes(FileServer kind) {
        return cold.stream().mapToLong(TestFile::size).sum() - (kind.beginsOnWorker() ? HEAD_BYTES : 0);
    }

    /**
     * What came of it.
     *
     * @param hotAnswers hot answers before the cold downloads had 768 KB together, at most {@link #HOT_ANSWERS}
     * @param loop what the loop threads were charged with until then
     */
    record Finish(int hotAnswers, ThreadDiskAccount loop) {
    }

    /**
     * Runs it; in the end the disk is let go, and every download must be right to its last byte.
     *
     * @param limits those that the server was started under
     * @param control whether the server runs without the agent: then the disk is let go early, for the race would last minutes
     */
    Finish run(FileServer kind, ServerProcess server, CgroupLimits limits, boolean control) throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(cold.size());
        PinnedRange head = null;
        try (RawHttp hotClient = RawHttp.connect(server)) {
            Downloads.assertWhole(hot, hotClient.get(kind.pathOf(hot)), server);
            for (TestFile file : cold) {
                file.evict();
            }
            if (kind.beginsOnWorker()) {
                head = cold.get(0).pinHead(HEAD_BYTES);
            }
            List<Future<RawHttp.Body>> downloads = new ArrayList<>();
            Finish finish = whileStopped(kind, server, limits, control, hotClient, clients, downloads);
            for (int number = 0; number < cold.size(); number++) {
                Downloads.assertWhole(cold.get(number), downloads.get(number).get(), server);
            }
            return finish;
        } finally {
            if (head != null) {
                head.close();
            }
            clients.shutdownNow();
        }
    }

    private Finish whileStopped(FileServer kind, ServerProcess server, CgroupLimits limits, boolean control, RawHttp hotClient,
            ExecutorService clients, List<Future<RawHttp.Body>> downloads) throws Exception {
        CountDownLatch onTheLoop = new CountDownLatch(1);
        AtomicLong coldBytes = new AtomicLong();
        ScheduledExecutorService judge = Executors.newSingleThreadScheduledExecutor();
        limits.throttleRead(root, DISK_BYTES_PER_SECOND);
        try (DiskSleepSampler sampler = DiskSleepSampler.start(server.pid(), kind.loopThreads())) {
            for (TestFile file : cold) {
                downloads.add(clients.submit(() -> download(kind, server, file, onTheLoop, coldBytes)));
            }
            if (kind.sendsHeadWithFile()) {
                Thread.sleep(FILL_MILLIS);
            } else {
                assertTrue(onTheLoop.await(Await.LONG_ENOUGH.toSeconds(), TimeUnit.SECONDS), () -> "no download began; " + server);
            }
            if (control) {
                judge.schedule(() -> {
                    coldBytes.addAndGet(COLD_PROGRESS_BYTES);
                    limits.unthrottle(root);
                    return null;
                }, CONTROL_SECONDS, TimeUnit.SECONDS);
            }
            return new Finish(countHotAnswers(kind, server, hotClient, coldBytes), sampler.stop());
        } finally {
            judge.shutdownNow();
            // Also when the test has failed: the server can't be ended while it waits for a stopped disk.
            limits.unthrottle(root);
        }
    }

    private RawHttp.Body download(FileServer kind, ServerProcess server, TestFile file, CountDownLatch onTheLoop,
            AtomicLong coldBytes) throws IOException, InterruptedException {
        try (RawHttp client = RawHttp.connect(server, SMALL_BUFFER_BYTES)) {
            client.send(kind.pathOf(file), Map.of());
            boolean first = file == cold.get(0);
            if (first && kind.beginsOnWorker()) {
                Thread.sleep(FILL_MILLIS);
                client.read(HEAD_BYTES);
            }
            // The server sends the head, and in the same turn goes on to the cold body.
            if (first || !kind.beginsOnWorker()) {
                onTheLoop.countDown();
            }
            for (long read = client.read(STEP_BYTES); read > 0; read = client.read(STEP_BYTES)) {
                coldBytes.addAndGet(read);
            }
            return client.finish();
        }
    }

    private int countHotAnswers(FileServer kind, ServerProcess server, RawHttp client, AtomicLong coldBytes) throws IOException {
        int answers = 0;
        while (answers < HOT_ANSWERS) {
            Downloads.assertWhole(hot, client.get(kind.pathOf(hot)), server);
            if (coldBytes.get() >= COLD_PROGRESS_BYTES) {
                return answers;
            }
            answers++;
        }
        return answers;
    }
}
