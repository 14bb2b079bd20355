package io.readahead.os;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the probe makes of the kernel's answers about a mapped file. */
class MappedPrefixTest {

    private static final long KIB = 1024;
    private static final long FILE_BYTES = 1024 * KIB;

    @TempDir
    private Path folder;

    private Mapping mapping;
    private long residentTo;
    private int tells;
    private int asked;
    private long pagesAskedAbout;
    private boolean lost;
    private final CacheWatch watch = new CacheWatch(() -> lost, System::nanoTime);
    private final PageCacheProbe probe = new PageCacheProbe(new FakePosix() {
        @Override
        public long residentPages(long address, long length) {
            long from = address - mapping.address(0);
            pagesAskedAbout += length / Pages.BYTES;
            return residentTo < 0 ? residentTo : Math.max(0, (Math.min(from + length, residentTo) - from) / Pages.BYTES);
        }

        @Override
        public int tellsResidency(long address) {
            asked++;
            return tells;
        }
    }, new KernelReadahead(Path.of("/nowhere")));

    @BeforeEach
    void map() throws IOException {
        try (FileChannel file = FileChannel.open(Files.write(folder.resolve("file"), new byte[(int) FILE_BYTES]))) {
            mapping = new Mapping(file.map(FileChannel.MapMode.READ_ONLY, 0, FILE_BYTES));
        }
    }

    @Test
    void whatIsThereToItsEndCanBeSent() {
        residentTo = FILE_BYTES;
        assertEquals(512 * KIB, probe.mappedPrefix(mapping, 0, 512 * KIB, false));
        assertEquals(FILE_BYTES, probe.mappedPrefix(mapping, 0, FILE_BYTES, false));
        assertEquals(1, asked, "of a mapping once");
    }

    @Test
    void whatIsNotThereIsColdAndNobodyAsksWhoMayKnow() {
        assertEquals(0, probe.mappedPrefix(mapping, 0, FILE_BYTES, false));
        assertEquals(0, asked);
    }

    @Test
    void nearTheEndOfWhatIsThereAPageMayBeMarked() {
        residentTo = 512 * KIB;
        assertEquals(384 * KIB, probe.mappedPrefix(mapping, 0, FILE_BYTES, false));
        assertEquals(512 * KIB, probe.mappedPrefix(mapping, 0, FILE_BYTES, true), "a readahead thread was there");
        long last = probe.mappedPrefix(mapping, 384 * KIB, 640 * KIB, false);
        assertEquals(true, Residency.isToBeGoneOver(last));
        assertEquals(128 * KIB, Residency.toBeGoneOver(last));
    }

    @Test
    void whatLiesBehindIsAskedAboutOnceAsLongAsNothingIsLost() {
        residentTo = FILE_BYTES;
        StandingAnswers answers = new StandingAnswers(probe, System::nanoTime, watch, 1);
        watch.look();
        assertEquals(192 * KIB, asksFor64KibBy(answers, 0), "it and 128 KB behind it");
        watch.look();
        assertEquals(128 * KIB, asksFor64KibBy(answers, 64 * KIB), "it and what was not asked about before");
        lost = true;
        watch.look();
        assertEquals(192 * KIB, asksFor64KibBy(answers, 128 * KIB));
        assertEquals(192 * KIB, asksFor64KibBy(probe, 192 * KIB), "who knows of no loss");
        assertEquals(192 * KIB, asksFor64KibBy(probe, 256 * KIB));
    }

    private long asksFor64KibBy(Residency residency, long offset) {
        pagesAskedAbout = 0;
        assertEquals(64 * KIB, residency.mappedPrefix(mapping, offset, 64 * KIB, false));
        return pagesAskedAbout * Pages.BYTES;
    }

    @Test
    void whoMayNotKnowIsNotBelievedToKnow() {
        residentTo = FILE_BYTES;
        tells = -Errno.EPERM;
        assertEquals(Residency.UNKNOWN, probe.mappedPrefix(mapping, 0, FILE_BYTES, false));
    }

    @Test
    void whereNobodyCanBeAskedNothingIsKnown() {
        residentTo = -Errno.ENOSYS;
        assertEquals(Residency.UNKNOWN, probe.mappedPrefix(mapping, 0, FILE_BYTES, false));
    }
}
