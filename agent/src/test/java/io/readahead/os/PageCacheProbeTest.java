package io.readahead.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The layers of evidence, on a kernel that has some of them, and pages that are cached, readable, both or neither. */
class PageCacheProbeTest {

    private static final int FD = 3;
    private static final int OWN = 4;
    private static final int PAGE = 4096;
    private static final long KIB = 1024;
    private static final long MIB = 1024 * KIB;
    private static final long WINDOW = MIB;
    private static final long FILE_BYTES = 64 * MIB;
    private static final long OVERLAY_DEVICE = 42;
    private static final long FUSE = 0x65735546;

    @TempDir
    private Path sysfs;

    /** Cached pages, and which of them can be read now; errors where a test wants them. */
    private static final class Kernel extends FakePosix {
        private final BitSet cached = new BitSet();
        private final BitSet readable = new BitSet();
        private int cachestatErrno;
        private int refusedFd = -1;
        private int nowaitErrno;
        /** Instead of EAGAIN. */
        private boolean nothingRead;
        private boolean another;
        private int mappingErrno;
        private int residentAsked;
        private int cachestatCalls;
        /** Each may have been reclaimed, which costs the kernel a look at when that was. */
        private int absentAsked;
        private final List<Long> sampled = new ArrayList<>();

        @Override
        public long cachedPages(int fd, long offset, long length) {
            cachestatCalls++;
            int first = (int) (offset / PAGE);
            int last = (int) ((offset + length - 1) / PAGE);
            absentAsked += last + 1 - first - cached.get(first, last + 1).cardinality();
            return cachestatErrno != 0 && (refusedFd < 0 || refusedFd == fd) ? -cachestatErrno : cached.get(first, last + 1).cardinality();
        }

        @Override
        public int mincore(int fd, long offset, long length) {
            int first = (int) (offset / PAGE);
            return Math.min(readable.nextClearBit(first) - first, (int) ((offset + length - 1) / PAGE) + 1 - first);
        }

        @Override
        public int residentPages(int fd, long offset, long length, long fileBytes) {
            residentAsked++;
            if (mappingErrno != 0) {
                return -mappingErrno;
            }
            int first = (int) (offset / PAGE);
            return another ? -Errno.EPERM : Math.min(readable.nextClearBit(first) - first,
                    (int) ((offset + length - 1) / PAGE) + 1 - first);
        }

        @Override
        public int readableNow(int fd, long offset) {
            sampled.add(offset);
            if (nowaitErrno != 0) {
                return -nowaitErrno;
            }
            if (offset >= fileBytes) {
                return 0;
            }
            return readable.get((int) (offset / PAGE)) ? 1 : nothingRead ? 0 : -Errno.EAGAIN;
        }

        private void holds(long from, long to) {
            cached.set((int) (from / PAGE), (int) ((to - 1) / PAGE) + 1);
            readable.set((int) (from / PAGE), (int) ((to - 1) / PAGE) + 1);
        }
    }

    private final Kernel kernel = new Kernel();
    private final PageCacheProbe probe = new PageCacheProbe(kernel);
    private final FileFacts facts = new FileFacts();
    private boolean reading;

    /** Where the kernel reads so far ahead by itself. */
    private long sendable(long readaheadBytes, long position, long length) throws IOException {
        Path settings = Files.createDirectories(sysfs.resolve("class/bdi/8:16"));
        Files.writeString(settings.resolve("read_ahead_kb"), readaheadBytes / KIB + "\n");
        facts.set(true, FILE_BYTES, 8L << 32 | 16);
        PageCacheProbe asked = new PageCacheProbe(kernel, new KernelReadahead(sysfs));
        asked.askWhetherSomethingIsRead(() -> reading);
        return asked.sendablePrefix(FD, position, length, facts);
    }

    @Test
    void whatIsCachedAndReadableCanBeReadToItsEnd() {
        kernel.holds(0, WINDOW);
        assertEquals(WINDOW, probe.readablePrefix(FD, 0, WINDOW));
        assertEquals(3, kernel.cachestatCalls, "64 KB, 512 KB and all of it");
        assertEquals(WINDOW / PAGE / 8 + 1, kernel.sampled.size(), "every eighth page and the last byte");
        assertEquals(WINDOW - 1, kernel.sampled.get(kernel.sampled.size() - 1));
    }

    @Test
    void whatLiesFurtherFromTheEndOfWhatIsCachedThanTheKernelReadsAheadCanBeSent() throws IOException {
        kernel.holds(0, 3 * MIB);
        assertEquals(WINDOW, sendable(128 * KIB, 0, WINDOW));
        assertEquals(3, kernel.cachestatCalls, "64 KB, 512 KB, and the range with what is behind it");
        assertEquals(WINDOW - 128 * KIB, sendable(128 * KIB, 2 * MIB, WINDOW), "up to there");
    }

    @Test
    void howeverFarTheKernelReadsAheadTheEndOfWhatIsCachedIsLookedFor() throws IOException {
        kernel.holds(0, FILE_BYTES - PAGE);
        long answer = sendable(64 * MIB, FILE_BYTES - 24 * MIB, WINDOW);
        assertTrue(Residency.isToBeGoneOver(answer), "24 MB from the end of what is cached: " + answer);
        assertEquals(WINDOW, sendable(16 * MIB, FILE_BYTES - 24 * MIB, WINDOW));
    }

    @Test
    void aKernelThatIsToldToReadFurtherAheadIsLookedAtAgain() throws IOException {
        kernel.holds(0, 3 * MIB);
        assertEquals(WINDOW, sendable(128 * KIB, 0, WINDOW));
        PageCacheProbe running = new PageCacheProbe(kernel, new KernelReadahead(sysfs));
        Files.writeString(sysfs.resolve("class/bdi/8:16/read_ahead_kb"), "65536\n");
        running.keepHouse();
        assertTrue(Residency.isToBeGoneOver(running.sendablePrefix(FD, 0, WINDOW, facts)));
    }

    @Test
    void whatLiesNearerHasToBeGoneOverAndIsNotTouchedBefore() throws IOException {
        kernel.holds(0, 3 * MIB);
        long answer = sendable(2 * MIB, 2 * MIB, WINDOW);
        assertTrue(Residency.isToBeGoneOver(answer), "answer " + answer);
        assertEquals(WINDOW, Residency.toBeGoneOver(answer));
        assertEquals(List.of(), kernel.sampled, "a sample may be the one that comes to the mark");
        answer = sendable(128 * KIB, 3 * MIB - 20 * KIB, 20 * KIB);
        assertEquals(20 * KIB, Residency.toBeGoneOver(answer), "a small range too");
        kernel.holds(3 * MIB + 8 * KIB, 3 * MIB + 24 * KIB);
        assertEquals(answer, sendable(128 * KIB, 3 * MIB - 20 * KIB, 20 * KIB), "whatever lies behind it");
    }

    @Test
    void whereTheBeginningIsAbsentNobodyLooksFurther() throws IOException {
        kernel.holds(MIB, 6 * MIB);
        kernel.cachestatCalls = 0;
        assertEquals(0, sendable(8 * MIB, 0, 100));
        assertEquals(1, kernel.cachestatCalls);
        assertEquals(16, kernel.absentAsked);
    }

    @Test
    void ofWhatWasReclaimedBehindAWindowLittleIsAsked() throws IOException {
        kernel.holds(0, 256 * KIB);
        assertTrue(Residency.isToBeGoneOver(sendable(8 * MIB, 0, WINDOW)));
        assertEquals(64, kernel.absentAsked, "pages to 512 KB, of 2304 to the end of the kernel's own readahead");
        kernel.absentAsked = 0;
        assertEquals(256 * KIB, probe.readablePrefix(FD, 0, WINDOW), "to the page");
        assertEquals(64, kernel.absentAsked);
        kernel.holds(256 * KIB, MIB - 20 * KIB);
        assertEquals(MIB - 20 * KIB, probe.readablePrefix(FD, 0, WINDOW), "to the page");
    }

    @Test
    void whatIsStillBeingReadIsNotReady() throws IOException {
        kernel.holds(0, MIB);
        kernel.readable.clear(0, 10);
        assertEquals(0, sendable(2 * MIB, 0, WINDOW), "a thread that goes over it would wait");
    }

    @Test
    void whereNothingIsAbsentAsFarAsTheKernelReadsAheadFewerPagesAreSampled() throws IOException {
        kernel.holds(0, 2 * WINDOW);
        assertEquals(WINDOW, sendable(128 * KIB, 0, WINDOW));
        assertEquals(WINDOW / PAGE / 32 + 1, kernel.sampled.size(), "every 32nd page and the last byte");
        kernel.sampled.clear();
        kernel.cached.clear((int) ((WINDOW + 128 * KIB) / PAGE) - 1);
        assertEquals(true, sendable(128 * KIB, 0, WINDOW) > WINDOW / 2);
        assertEquals(true, kernel.sampled.size() > WINDOW / 2 / PAGE / 8, () -> "a readahead ends near: " + kernel.sampled);
    }

    @Test
    void ofWhatAReadaheadThreadHasBeenOverFewerPagesAreSampledWhileNoneIsAbsent() throws IOException {
        facts.set(true, FILE_BYTES, 8L << 32 | 16);
        kernel.holds(0, WINDOW);
        assertEquals(WINDOW, probe.readablePrefix(FD, 0, WINDOW, facts));
        assertEquals(WINDOW / PAGE / 32 + 1, kernel.sampled.size(), "every 32nd page and the last byte");
        kernel.sampled.clear();
        kernel.cached.clear(250);
        assertTrue(probe.readablePrefix(FD, 0, WINDOW, facts) > WINDOW / 2);
        assertTrue(kernel.sampled.size() > WINDOW / 2 / PAGE / 8, () -> "up to where one is, as of any other range: " + kernel.sampled);
    }

    @Test
    void whileReadaheadThreadsReadNoFewerPagesAreSampled() throws IOException {
        kernel.holds(0, 2 * WINDOW);
        kernel.readable.clear(40, 58);
        assertEquals(WINDOW, sendable(128 * KIB, 0, WINDOW), "nobody reads, so that a hole between two samples is nobody's");
        reading = true;
        assertEquals(32L * PAGE, sendable(128 * KIB, 0, WINDOW), "another reader's window");
    }

    @Test
    void whatIsNotReadyThereIsFoundToTheEighthPage() throws IOException {
        kernel.holds(0, 2 * WINDOW);
        int last = (int) (WINDOW / PAGE) - 1;
        kernel.readable.clear(last - 11, last + 1);
        assertEquals(WINDOW - 16 * PAGE, sendable(128 * KIB, 0, WINDOW), "to the last sample of those that was ready");
        kernel.readable.set(last);
        assertEquals(WINDOW, sendable(128 * KIB, 0, WINDOW), "a hole between two samples, which somebody is filling");
    }

    @Test
    void ofAFileThatIsCachedToItsEndEverythingCanBeSent() throws IOException {
        kernel.holds(15 * MIB, FILE_BYTES);
        assertEquals(WINDOW, sendable(8 * MIB, 15 * MIB, WINDOW));
        assertEquals(20 * KIB, sendable(8 * MIB, 15 * MIB, 20 * KIB));
    }

    @Test
    void ofWhatIsNotCachedNothingCanBeSent() throws IOException {
        kernel.holds(2 * MIB, FILE_BYTES);
        assertEquals(0, sendable(128 * KIB, 0, WINDOW));
        assertEquals(0, sendable(128 * KIB, MIB, MIB + 20 * KIB));
    }

    @Test
    void whereCachestatIsRefusedNobodyLooksForMarks() throws IOException {
        kernel.holds(0, 512 * KIB);
        kernel.cachestatErrno = Errno.EPERM;
        assertEquals(512 * KIB - 8L * PAGE, sendable(128 * KIB, 0, WINDOW));
    }

    /** On overlay cachestat counts the pages of an inode that has none, and a byte can't be asked for. */
    private PageCacheProbe overlay() throws IOException {
        facts.set(true, FILE_BYTES, OVERLAY_DEVICE, 12);
        kernel.nowaitErrno = Errno.EOPNOTSUPP;
        Path settings = Files.createDirectories(sysfs.resolve("class/bdi/8:16"));
        Files.writeString(settings.resolve("read_ahead_kb"), "128\n");
        return new PageCacheProbe(kernel, new KernelReadahead(sysfs));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, Errno.EPERM, Errno.ENOSYS})
    void onOverlayTheMappingAnswersWhereTheCountIsOfAnotherInode(int errno) throws IOException {
        PageCacheProbe overlay = overlay();
        kernel.readable.set(0, (int) (2 * MIB / PAGE));
        kernel.cachestatErrno = errno;
        long before = errno == 0 ? 0 : Residency.UNKNOWN;
        assertEquals(before, overlay.sendablePrefix(FD, 0, 20 * KIB, facts), "nobody has said that it is one");
        assertEquals(before, overlay.readablePrefix(FD, 0, 20 * KIB, facts));
        assertEquals(0, kernel.residentAsked, "what is not known to be overlay may ask a server when it is mapped");
        overlay.fileSystem(OVERLAY_DEVICE, PosixLibrary.OVERLAY);
        kernel.cachestatCalls = 0;
        assertEquals(20 * KIB, overlay.sendablePrefix(FD, 0, 20 * KIB, facts));
        assertEquals(20 * KIB, overlay.readablePrefix(FD, 0, 20 * KIB, facts));
        assertEquals(2, kernel.residentAsked);
        assertEquals(0, kernel.cachestatCalls, "nobody asks who doesn't know");
        assertEquals(0, overlay.sendablePrefix(FD, 4 * MIB, 20 * KIB, facts), "what is absent is");
        assertEquals(0, overlay.readablePrefix(FD, 4 * MIB, 20 * KIB, facts));
    }

    @Test
    void onOverlayWhatMayBeMarkedHasToBeGoneOver() throws IOException {
        PageCacheProbe overlay = overlay();
        overlay.fileSystem(OVERLAY_DEVICE, PosixLibrary.OVERLAY);
        kernel.readable.set(0, (int) (2 * MIB / PAGE));
        assertEquals(WINDOW, overlay.sendablePrefix(FD, 0, WINDOW, facts), "far from the end of what is there");
        assertEquals(WINDOW - 128 * KIB, overlay.sendablePrefix(FD, MIB, WINDOW, facts));
        long answer = overlay.sendablePrefix(FD, 2 * MIB - 20 * KIB, 20 * KIB, facts);
        assertEquals(20 * KIB, Residency.toBeGoneOver(answer));
        assertEquals(0, overlay.sendablePrefix(FD, 2 * MIB - 20 * KIB, WINDOW, facts), "less than a send is worth");
        facts.set(true, 2 * MIB, OVERLAY_DEVICE, 12);
        assertEquals(20 * KIB, overlay.sendablePrefix(FD, 2 * MIB - 20 * KIB, 20 * KIB, facts), "the file ends there");
    }

    @Test
    void onOverlayNothingIsKnownOfTheFilesOfAnother() throws IOException {
        PageCacheProbe overlay = overlay();
        overlay.fileSystem(OVERLAY_DEVICE, PosixLibrary.OVERLAY);
        kernel.readable.set(0, (int) (2 * MIB / PAGE));
        kernel.another = true;
        assertEquals(Residency.UNKNOWN, overlay.sendablePrefix(FD, 0, 20 * KIB, facts));
        assertEquals(Residency.UNKNOWN, overlay.readablePrefix(FD, 0, 20 * KIB, facts));
    }

    @Test
    void aDeviceIsAnOverlayUntilItIsSomethingElse() throws IOException {
        PageCacheProbe overlay = overlay();
        overlay.fileSystem(OVERLAY_DEVICE, PosixLibrary.OVERLAY);
        overlay.fileSystem(OVERLAY_DEVICE + 1, PosixLibrary.OVERLAY);
        overlay.fileSystem(OVERLAY_DEVICE, PosixLibrary.OVERLAY);
        overlay.fileSystem(OVERLAY_DEVICE, FUSE);
        assertFalse(overlay.isOfTheFile(OVERLAY_DEVICE));
        assertTrue(overlay.isOfTheFile(OVERLAY_DEVICE + 1));
        kernel.holds(0, MIB);
        kernel.readable.clear();
        assertEquals(0, overlay.sendablePrefix(FD, 0, 20 * KIB, facts), "still being read, says who is asked there");
        assertEquals(0, kernel.residentAsked);
    }

    @Test
    void ofMoreOverlaysThanAreKeptTheRestIsNotKnown() throws IOException {
        PageCacheProbe overlay = overlay();
        for (long device = 0; device < 1000; device++) {
            overlay.fileSystem(device, PosixLibrary.OVERLAY);
        }
        assertTrue(overlay.isOfTheFile(63));
        assertFalse(overlay.isOfTheFile(64));
    }

    @Test
    void absentPagesEndTheQuestionBeforeAnyReadIsTried() {
        assertEquals(0, probe.readablePrefix(FD, 0, WINDOW));
        assertEquals(List.of(), kernel.sampled, "a read that misses may start one");
    }

    @Test
    void pagesThatAreStillBeingReadAreNotReadable() {
        kernel.holds(0, WINDOW);
        kernel.readable.clear();
        assertEquals(0, probe.readablePrefix(FD, 0, WINDOW), "cachestat counts them");
    }

    @Test
    void ofARangeThatIsPartlyCachedItsBeginningIsTaken() {
        kernel.holds(0, 300 * KIB);
        assertEquals(300 * KIB, probe.readablePrefix(FD, 0, WINDOW));
        kernel.holds(600 * KIB, 700 * KIB);
        long readable = probe.readablePrefix(FD, 0, WINDOW);
        assertTrue(readable <= 300 * KIB && readable >= 236 * KIB, "up to the gap, or a little less: " + readable);
        assertEquals(0, probe.readablePrefix(FD, 512 * KIB, WINDOW), "not where it begins");
    }

    @Test
    void halvingSkipsWhatCannotBeWhole() {
        kernel.holds(0, 128 * KIB);
        assertEquals(128 * KIB, probe.readablePrefix(FD, 0, 64 * MIB));
        assertTrue(kernel.cachestatCalls <= 3, kernel.cachestatCalls + " calls");
    }

    @Test
    void lessThanASendIsWorthIsNothing() {
        kernel.holds(0, 60 * KIB);
        assertEquals(0, probe.readablePrefix(FD, 0, WINDOW));
        assertEquals(60 * KIB, probe.readablePrefix(FD, 0, 60 * KIB), "but all of a small range is");
    }

    @Test
    void aRangeNeedNotBeginOrEndWithAPage() {
        kernel.holds(PAGE, 3 * PAGE);
        assertEquals(PAGE, probe.readablePrefix(FD, PAGE + 100, PAGE));
        assertEquals(0, probe.readablePrefix(FD, PAGE - 1, PAGE), "its first byte is on a page that is absent");
        assertEquals(0, probe.readablePrefix(FD, 2 * PAGE, PAGE + 1), "its last byte is");
    }

    @Test
    void whatNoSampleVouchesForIsLeftOut() {
        kernel.holds(0, WINDOW);
        kernel.readable.clear(200 * (int) KIB / PAGE);
        // Page 50 can't be read, and page 56 is the sample that would say so: were it the miss, 48 pages are vouched for.
        assertEquals(WINDOW, probe.readablePrefix(FD, 0, WINDOW), "a page between two samples is not seen");
        kernel.readable.clear(56);
        assertEquals(48L * PAGE, probe.readablePrefix(FD, 0, WINDOW));
        kernel.readable.clear(16);
        assertEquals(0, probe.readablePrefix(FD, 0, WINDOW), "8 pages are less than a send is worth");
    }

    @Test
    void theEndOfTheFileEndsTheSamples() {
        kernel.holds(0, WINDOW);
        kernel.fileBytes = 100 * KIB;
        assertEquals(WINDOW, probe.readablePrefix(FD, 0, WINDOW));
        assertEquals(5, kernel.sampled.size());
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.EOPNOTSUPP, Errno.EPERM, Errno.ENOSYS})
    void whereNowaitIsRefusedTheCountStands(int errno) {
        kernel.holds(0, WINDOW);
        kernel.nowaitErrno = errno;
        assertEquals(WINDOW, probe.readablePrefix(FD, 0, WINDOW));
        kernel.cached.clear(200);
        long readable = probe.readablePrefix(FD, 0, WINDOW);
        assertTrue(readable <= 200L * PAGE && readable >= 200L * PAGE - 64 * KIB, "up to the hole, or a little less: " + readable);
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.EPERM, Errno.ENOSYS, Errno.EOPNOTSUPP})
    void whereCachestatIsRefusedNowaitDecides(int errno) {
        kernel.holds(0, 512 * KIB);
        kernel.cachestatErrno = errno;
        assertEquals(512 * KIB - 8L * PAGE, probe.readablePrefix(FD, 0, WINDOW), "as far as samples vouch");
    }

    @Test
    void whereNobodyCanSayItIsUnknown() {
        kernel.holds(0, WINDOW);
        kernel.cachestatErrno = Errno.EPERM;
        kernel.nowaitErrno = Errno.EOPNOTSUPP;
        assertEquals(Residency.UNKNOWN, probe.readablePrefix(FD, 0, WINDOW));
    }

    @Test
    void aClosedDescriptorIsUnknown() {
        kernel.cachestatErrno = Errno.EBADF;
        assertEquals(Residency.UNKNOWN, probe.readablePrefix(FD, 0, WINDOW));
        assertEquals(List.of(), kernel.sampled);
    }

    @Test
    void theSelfTestSaysWhatThereIsAndTheRestIsNotAskedAgain() {
        kernel.holds(0, WINDOW);
        assertEquals("cachestat+nowait", probe.selfTest(FD, OWN));
        kernel.nowaitErrno = Errno.ENOSYS;
        assertEquals("cachestat", probe.selfTest(FD, OWN));
        kernel.sampled.clear();
        assertEquals(WINDOW, probe.readablePrefix(FD, 0, WINDOW));
        assertEquals(List.of(), kernel.sampled);
        kernel.cachestatErrno = Errno.ENOSYS;
        assertEquals("none", probe.selfTest(FD, OWN));
        kernel.cachestatCalls = 0;
        assertEquals(Residency.UNKNOWN, probe.readablePrefix(FD, 0, WINDOW));
        assertEquals(0, kernel.cachestatCalls);
        kernel.nowaitErrno = 0;
        assertEquals("nowait", probe.selfTest(FD, OWN));
        assertEquals(WINDOW, probe.readablePrefix(FD, 0, WINDOW));
    }

    @Test
    void cachestatThatIsRefusedForOneFileIsAskedForTheNext() {
        kernel.holds(0, WINDOW);
        kernel.cachestatErrno = Errno.EPERM;
        kernel.refusedFd = FD;
        assertEquals("cachestat+nowait", probe.selfTest(FD, OWN), "the right to ask depends on the file");
        kernel.cachestatErrno = 0;
        kernel.cachestatCalls = 0;
        probe.readablePrefix(FD, 0, WINDOW);
        assertEquals(3, kernel.cachestatCalls);
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.EPERM, Errno.ENOSYS, Errno.EACCES})
    void cachestatThatIsRefusedForAFileOfOnesOwnIsNotAskedAgain(int errno) throws IOException {
        kernel.holds(0, WINDOW);
        kernel.cachestatErrno = errno;
        assertEquals("nowait", probe.selfTest(FD, OWN));
        kernel.cachestatCalls = 0;
        facts.set(true, FILE_BYTES, 1);
        assertEquals(WINDOW, probe.readablePrefix(FD, 0, WINDOW));
        assertEquals(WINDOW, probe.sendablePrefix(FD, 0, WINDOW, facts));
        assertEquals(0, probe.kernelReadahead(1), "nobody sees marks");
        assertEquals(0, kernel.cachestatCalls);
    }

    private PageCacheProbe withoutCachestat() throws IOException {
        kernel.cachestatErrno = Errno.ENOSYS;
        Path settings = Files.createDirectories(sysfs.resolve("class/bdi/8:16"));
        Files.writeString(settings.resolve("read_ahead_kb"), "128\n");
        PageCacheProbe blind = new PageCacheProbe(kernel, new KernelReadahead(sysfs));
        kernel.readable.set(0, 1);
        assertEquals("nowait", blind.selfTest(FD, OWN));
        kernel.readable.clear();
        kernel.sampled.clear();
        facts.set(true, FILE_BYTES, 8L << 32 | 16);
        return blind;
    }

    @Test
    void withoutCachestatAMappingTellsOfADisksFilesAndNothingIsTouched() throws IOException {
        PageCacheProbe blind = withoutCachestat();
        assertEquals(0, blind.sendablePrefix(FD, 0, WINDOW, facts), "preadv2 would start to read");
        kernel.readable.set(0, (int) (2 * MIB / PAGE));
        assertEquals(WINDOW, blind.sendablePrefix(FD, 0, WINDOW, facts));
        assertEquals(WINDOW - 128 * KIB, blind.sendablePrefix(FD, MIB, WINDOW, facts), "the kernel's mark may lie behind that");
        assertEquals(WINDOW, blind.readablePrefix(FD, MIB, WINDOW, facts));
        assertEquals(0, blind.readablePrefix(FD, 2 * MIB, WINDOW, facts));
        assertEquals(List.of(), kernel.sampled);
    }

    @Test
    void withoutCachestatWhoMayNotKnowIsToldByPreadv2() throws IOException {
        PageCacheProbe blind = withoutCachestat();
        kernel.another = true;
        kernel.readable.set(0, (int) (2 * MIB / PAGE));
        assertEquals(WINDOW, blind.sendablePrefix(FD, MIB, WINDOW, facts), "nobody looks for marks");
        assertEquals(WINDOW, blind.readablePrefix(FD, MIB, WINDOW, facts));
        assertEquals(0, blind.sendablePrefix(FD, 2 * MIB, WINDOW, facts));
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.EACCES, Errno.ENOSYS})
    void whereFilesCanNotBeMappedThatIsTriedOnce(int errno) throws IOException {
        PageCacheProbe blind = withoutCachestat();
        kernel.mappingErrno = errno;
        kernel.readable.set(0, (int) (2 * MIB / PAGE));
        assertEquals(WINDOW, blind.sendablePrefix(FD, MIB, WINDOW, facts));
        assertEquals(WINDOW, blind.sendablePrefix(FD, MIB, WINDOW, facts));
        assertEquals(WINDOW, blind.readablePrefix(FD, MIB, WINDOW, facts));
        assertEquals(1, kernel.residentAsked);
    }

    @Test
    void withoutAFileOfOnesOwnEpermSaysNothing() {
        kernel.holds(0, WINDOW);
        kernel.cachestatErrno = Errno.EPERM;
        assertEquals("cachestat+nowait", probe.selfTest(FD, -Errno.ENOSYS));
    }

    @Test
    void aFilterThatAnswers0InsteadOfReadingIsSeenThrough() {
        kernel.holds(0, WINDOW);
        kernel.nothingRead = true;
        kernel.readable.clear();
        assertEquals("cachestat", probe.selfTest(FD, OWN));
        kernel.readable.set(0, (int) WINDOW / PAGE);
        kernel.sampled.clear();
        assertEquals(WINDOW, probe.readablePrefix(FD, 0, WINDOW));
        assertEquals(List.of(), kernel.sampled);
    }

    @Test
    void nothingReadInTheMiddleOfAFileIsNotItsEnd() {
        kernel.holds(0, WINDOW);
        kernel.readable.clear(0, 10);
        kernel.nothingRead = true;
        assertEquals(0, probe.readablePrefix(FD, 0, WINDOW), "Linux 5.9 says 0 of a page that is absent");
        assertEquals(0, probe.readablePrefix(FD, 0, 20 * KIB));
        kernel.readable.set(0, 10);
        kernel.readable.clear(56, 300);
        assertEquals(48L * PAGE, probe.readablePrefix(FD, 0, WINDOW));
        kernel.cachestatErrno = Errno.ENOSYS;
        assertEquals(48L * PAGE, probe.readablePrefix(FD, 0, WINDOW));
    }

    @Test
    void ofASmallRangeTheLastPageAloneIsSampled() {
        kernel.holds(0, 20 * KIB);
        assertEquals(20 * KIB, probe.readablePrefix(FD, 0, 20 * KIB));
        assertEquals(List.of(20 * KIB - 1), kernel.sampled);
        kernel.readable.clear();
        assertEquals(0, probe.readablePrefix(FD, 0, 20 * KIB), "still being read");
    }

    @Test
    void noPageIsSampledTwice() {
        kernel.holds(0, 100 * KIB);
        assertEquals(100 * KIB, probe.readablePrefix(FD, 0, 100 * KIB));
        assertEquals(List.of(0L, 8L * PAGE, 16L * PAGE, 24L * PAGE), kernel.sampled, "the last byte lies on the last of these");
    }

    @Test
    void withoutCachestatASmallRangePastTheEndIsSampledFromItsBeginning() {
        kernel.cachestatErrno = Errno.ENOSYS;
        kernel.fileBytes = 10 * KIB;
        assertEquals(0, probe.readablePrefix(FD, 0, 20 * KIB), "the page past the end says nothing of those before it");
    }
}
