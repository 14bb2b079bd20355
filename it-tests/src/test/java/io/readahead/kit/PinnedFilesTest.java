package io.readahead.kit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PinnedFilesTest {

    private static final long BYTES = 1 << 20;

    @Test
    void aPinnedJarStaysWhenItIsEvicted() throws Exception {
        Requirement.root().orSkip();
        Path folder = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "pinned-");    // /tmp may be a tmpfs
        TestFile jar = TestFile.write(folder.resolve("server.jar"), BYTES);
        TestFile other = TestFile.write(folder.resolve("data.bin"), BYTES);
        PinnedFiles.pinProgram(Jdk.current(), List.of("java", "-cp", jar.path() + ":" + other.path(), "Main"));
        assertTrue(other.evict().isCold(), "the control: what isn't pinned can be evicted");
        jar.dropFromCache();
        assertFalse(jar.isCold());
        assertTrue(jar.residentPages() * 4096 >= BYTES);
    }
}
