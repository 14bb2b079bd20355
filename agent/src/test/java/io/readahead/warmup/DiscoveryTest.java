package io.readahead.warmup;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.readahead.jdk.Safepoints;
import io.readahead.observe.Counters;
import io.readahead.os.Errno;
import io.readahead.os.FakePosix;
import io.readahead.os.FileFacts;
import io.readahead.os.PosixLibrary;
import io.readahead.os.Residency;
import io.readahead.os.ThreadUsage;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a readahead thread tells of a file of which nobody else may know what is in memory. */
class DiscoveryTest {

    private static final long DISK = 8L << 32 | 16;
    private static final long WITHOUT_A_DISK = 42;
    private static final long FUSE = 0x65735546;
    private static final long LENGTH = 20_000;
    /** This one may collect garbage while it is tested. */
    private static final int OFTENER_THAN_THE_JVM = 100;

    @TempDir
    private Path folder;
    private FileChannel channel;

    /** Reading costs what a test says. */
    private static final class Kernel extends FakePosix {
        private long sleepsEach;
        private long blocksEach;
        private int usageErrno;
        private long kind = PosixLibrary.OVERLAY;
        private long sleeps;
        private long blocks;
        private int asked;

        @Override
        public long sendfile(int outFd, int inFd, long offset, long count) {
            sleeps += sleepsEach;
            blocks += blocksEach;
            return super.sendfile(outFd, inFd, offset, count);
        }

        @Override
        public int getrusage(ThreadUsage result) {
            asked++;
            result.set(blocks, sleeps, 0, 0);
            return -usageErrno;
        }

        @Override
        public long fileSystem(int fd) {
            called("fstatfs");
            return kind;
        }

        @Override
        public int refresh(int fd) {
            called("refresh");
            return 0;
        }
    }

    private final Kernel kernel = new Kernel();
    private final ByHand hand = new ByHand(kernel, new Counters());
    private final List<String> told = new ArrayList<>();
    private final Residency residency = new Residency() {

        @Override
        public long readablePrefix(int fd, long position, long length) {
            return UNKNOWN;
        }

        @Override
        public void wasRead(FileFacts facts, long position, long length, boolean inMemory) {
            told.add(position + "+" + length + (inMemory ? " in memory" : " absent"));
        }

        @Override
        public void fileSystem(long device, long kind) {
            told.add(device + " is " + Long.toHexString(kind));
        }
    };

    @BeforeEach
    void open() throws IOException {
        channel = FileChannel.open(Files.createFile(folder.resolve("file")));
        kernel.cachedAnswer = (offset, pages) -> -Errno.EPERM;
    }

    @AfterEach
    void close() throws IOException {
        channel.close();
    }

    private List<String> read(long device) {
        told.clear();
        Warmup warmup = new Warmup(new SourceFile(channel, device), Warmup.Range.announced(0, LENGTH), false, System::nanoTime, () -> { });
        hand.pool().submit(warmup);
        hand.performAll();
        warmup.tell(residency, new FileFacts());
        return told;
    }

    @Test
    void whatIsOnNfsIsSentWithAttributesThatAreFresh() {
        kernel.kind = PosixLibrary.NFS;
        read(WITHOUT_A_DISK);
        assertEquals("refresh", kernel.calls().get(kernel.calls().size() - 1), "after the range was read");
        read(DISK);
        kernel.kind = FUSE;
        read(WITHOUT_A_DISK + 1);
        assertEquals(1, kernel.calls().stream().filter("refresh"::equals).count(), "nobody else's server is asked");
    }

    @Test
    void whatTookNoWaitAndNoReadWasInMemory() {
        assertEquals(List.of("0+20000 in memory"), read(DISK));
    }

    @Test
    void whatHadToBeWaitedForOrReadWasNot() {
        kernel.sleepsEach = OFTENER_THAN_THE_JVM;
        assertEquals(List.of("0+20000 absent"), read(DISK));
        kernel.sleepsEach = 0;
        kernel.blocksEach = 8;
        assertEquals(List.of("0+20000 absent"), read(DISK));
    }

    @Test
    void whatFailedSaysNothing() {
        kernel.sendfileAnswer = asked -> -Errno.EIO;
        assertEquals(List.of(), read(DISK));
    }

    @Test
    void whereTheKernelCountsThePagesNothingIsAskedOrTold() {
        kernel.cachedAnswer = (offset, pages) -> 0;
        assertEquals(List.of(), read(DISK));
        assertEquals(0, kernel.asked);
    }

    @Test
    void theKindOfAFileSystemWithoutADiskIsAskedForOnce() {
        kernel.cachedAnswer = (offset, pages) -> 0;
        assertEquals(List.of("42 is 794c7630", "0+20000 in memory"), read(WITHOUT_A_DISK));
        assertEquals(List.of("42 is 794c7630", "0+20000 in memory"), read(WITHOUT_A_DISK));
        assertEquals(1, kernel.calls().stream().filter("fstatfs"::equals).count());
    }

    @Test
    void onOverlayAWaitAloneMayBeTheJvms() {
        kernel.sleepsEach = 1;
        assertEquals(List.of("42 is 794c7630"), read(WITHOUT_A_DISK));
        kernel.blocksEach = 8;
        assertEquals(List.of("42 is 794c7630", "0+20000 absent"), read(WITHOUT_A_DISK));
    }

    /** What is told of a file of which it was not known what is cached, after something has happened meanwhile. */
    private List<String> toldAfter(Discovery discovery, Runnable meanwhile) {
        SourceFile file = new SourceFile(channel, WITHOUT_A_DISK);
        Warmup warmup = new Warmup(file, Warmup.Range.announced(0, LENGTH), false, System::nanoTime, () -> { });
        Discovery.Begun begun = discovery.begin(warmup, file, -Errno.EPERM);
        meanwhile.run();
        discovery.end(warmup, begun);
        warmup.read(LENGTH);
        told.clear();
        warmup.tell(residency, new FileFacts());
        return told;
    }

    @Test
    void whileTheJvmStopsItsThreadsAWaitSaysNothingAndAReadDoes() {
        kernel.kind = FUSE;
        AtomicLong stops = new AtomicLong();
        Discovery discovery = new Discovery(kernel, () -> new Safepoints(stops::get, () -> 0));
        for (int blocks = 0; blocks < 2; blocks++) {
            int read = blocks;
            List<String> after = toldAfter(discovery, () -> {
                stops.incrementAndGet();
                kernel.sleeps += 2;
                kernel.blocks += read;
            });
            assertEquals(blocks == 0 ? List.of("42 is 65735546") : List.of("42 is 65735546", "0+20000 absent"), after);
        }
    }

    @Test
    void whoWaitsOftenerThanTheJvmStopsItsThreadsHasWaitedForAServer() {
        kernel.kind = FUSE;
        AtomicLong nanos = new AtomicLong();
        Discovery discovery = new Discovery(kernel, () -> new Safepoints(() -> 0, nanos::get));
        for (int waits = 2; waits < 4; waits++) {
            int slept = waits;
            List<String> after = toldAfter(discovery, () -> {
                nanos.incrementAndGet();    // of a stop that had begun before
                kernel.sleeps += slept;
            });
            assertEquals(waits == 2 ? List.of("42 is 65735546") : List.of("42 is 65735546", "0+20000 absent"), after);
        }
    }

    @Test
    void whereAServerReadsAWaitIsWhatShowsIt() {
        kernel.kind = FUSE;
        kernel.sleepsEach = OFTENER_THAN_THE_JVM;
        assertEquals(List.of("42 is 65735546", "0+20000 absent"), read(WITHOUT_A_DISK));
    }

    @Test
    void whereTheThreadIsNotTakenAccountOfNothingIsTold() {
        kernel.usageErrno = Errno.ENOSYS;
        assertEquals(List.of(), read(DISK));
    }
}
