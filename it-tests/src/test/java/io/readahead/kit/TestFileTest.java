package io.readahead.kit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class TestFileTest {

    private static final int BYTES = (2 << 20) + 123;
    private static final int MOST_READS = 3;
    private static final int[][] RANGES = {{0, 0}, {0, 1}, {3, 2}, {7, 1 << 20}, {(1 << 20) - 5, 11}, {0, BYTES}, {BYTES - 1, 1}};
    private static final Path FOLDER = Path.of("target", "test-file-test");

    @Test
    void digestsOfRangesAreThoseOfTheFile() throws Exception {
        TestFile file = TestFile.write(FOLDER.resolve("ranges.bin"), BYTES);
        byte[] content = Files.readAllBytes(file.path());
        assertEquals(BYTES, content.length);
        for (int[] range : RANGES) {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(Arrays.copyOfRange(content, range[0], range[0] + range[1]));
            assertEquals(HexFormat.of().formatHex(digest), file.sha256(range[0], range[1]), Arrays.toString(range));
        }
    }

    @Test
    void twoFilesDiffer() throws IOException {
        assertNotEquals(TestFile.write(FOLDER.resolve("one.bin"), 8).sha256(), TestFile.write(FOLDER.resolve("two.bin"), 8).sha256());
    }

    @Test
    void growsAsIfItHadBeenWrittenSo() throws Exception {
        TestFile grown = TestFile.write(FOLDER.resolve("grown.bin"), 1001).grow(5000);
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(grown.path()));
        assertEquals(HexFormat.of().formatHex(digest), grown.sha256());
    }

    @Test
    void whatItGrowsByPastThePageCacheIsRightAndColdInWholePages() throws Exception {
        Requirement.linux().orSkip();
        int page = Libc.INSTANCE.getpagesize();
        TestFile file = TestFile.write(FOLDER.resolve("grown-cold.bin"), page + 1001).evict();
        TestFile grown = file.growCold(70).growCold(3 * BYTES).growCold(page);
        assertTrue(grown.residentPages() <= 4, () -> "the pages that were begun or ended are resident, not those between");
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(grown.path()));
        assertEquals(HexFormat.of().formatHex(digest), grown.sha256());
    }

    @Test
    void anEvictedFileIsColdAndAReadOneIsNot() throws IOException {
        Requirement.linux().orSkip();
        TestFile file = TestFile.write(FOLDER.resolve("cold.bin"), BYTES);
        assertFalse(file.isCold(), "freshly written");
        assertTrue(file.evict().isCold(), "evicted");
        assertEquals(513, pagesOnceWarm(file), "read");
    }

    /** Of 4 KB; a host that takes pages away before memory is short may have taken some of what was read a moment ago. */
    private static long pagesOnceWarm(TestFile file) throws IOException {
        long all = (file.size() + 4095) / 4096;
        long pages = 0;
        for (int reads = 0; reads < MOST_READS && pages != all; reads++) {
            pages = file.warm().residentPages() * Libc.INSTANCE.getpagesize() / 4096;
        }
        return pages;
    }

    @Test
    void theShareOfTheEndThatIsResidentCountsWholePages() throws IOException {
        Requirement.linux().orSkip();
        int page = Libc.INSTANCE.getpagesize();
        TestFile file = TestFile.write(FOLDER.resolve("share.bin"), 20L * page + 1).evict();
        assertEquals(0, file.residentShareOfLast(BYTES), "evicted, and smaller than what is asked for");
        PinnedRange head = file.pinHead(10L * page);
        assertEquals(10.0 / 21, file.residentShareOfLast(BYTES), "of all pages, one of them begun");
        assertEquals(0.45, file.residentShareOfLast(19L * page + 1), "of the last 20");
        head.close();
    }

    @Test
    void aPinnedHeadStaysAloneUntilItIsClosed() throws IOException {
        Requirement.linux().orSkip();
        int page = Libc.INSTANCE.getpagesize();
        TestFile file = TestFile.write(FOLDER.resolve("pinned.bin"), BYTES).evict();
        PinnedRange head = file.pinHead(10L * page);
        assertEquals(10, file.residentPages(), "pinned, and nothing behind it");
        assertEquals(10, file.dropFromCache().residentPages(), "after an attempt to drop it");
        head.close();
        assertTrue(file.evict().isCold(), "evicted after it was closed");
    }
}
