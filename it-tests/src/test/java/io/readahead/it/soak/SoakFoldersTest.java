package io.readahead.it.soak;

import io.readahead.it.FileServer;
import io.readahead.it.JettyExample;
import io.readahead.it.NettyServer;
import io.readahead.it.StockJetty;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

/** Nobody is asked for files that its faults would make hang or crash, nor keeps those of others in memory. */
class SoakFoldersTest {

    private static final int ASKED = 1000;

    @TempDir
    private Path folder;

    private SoakFile cold;
    private SoakFile own;
    private SoakFolders folders;

    @BeforeEach
    void write() throws Exception {
        int uid = (int) Files.getAttribute(folder, "unix:uid");
        cold = SoakFile.write(1, folder.resolve("cold.bin"), SoakContent.WORD_BYTES, uid);
        SoakFile changing = SoakFile.write(2, folder.resolve("changing.bin"), SoakContent.WORD_BYTES, uid);
        own = SoakFile.write(3, folder.resolve("own.bin"), SoakContent.WORD_BYTES, uid);
        folders = new SoakFolders(new SoakFiles(folder, List.of(cold), List.of(cold), List.of(changing)),
                new SoakFiles(folder, List.of(own), List.of(own), List.of()));
    }

    @Test
    void whoDoesNotNoticeThatAFileIsCutIsAskedForNoneThatMayBe() {
        Random random = new Random(1);
        SoakFiles files = folders.of(NettyServer.secured("4.2", "nio"));
        for (int i = 0; i < ASKED; i++) {
            assertSame(cold, files.any(random));
        }
    }

    @Test
    void whoKeepsFilesMappedHasItsOwn() {
        assertSame(own, folders.of(StockJetty.MAPPED).any(new Random(1)));
    }

    @Test
    void theOthersAreAskedForThoseThatChangeToo() {
        for (FileServer kind : List.of(JettyExample.BLOCKING, StockJetty.COPIED)) {
            SoakFiles files = folders.of(kind);
            Random random = new Random(1);
            assertEquals(2, random.ints(ASKED).mapToObj(ignored -> files.any(random)).distinct().count(), kind.toString());
        }
    }
}
