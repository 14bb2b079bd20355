package io.readahead.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/** Puts {@code @TempDir} below target/, on the disk of the source tree, for /tmp may be a tmpfs, which knows no cold files. */
public final class OnDisk implements TempDirFactory {

    @Override
    public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext test) throws IOException {
        Path work = Files.createDirectories(Artifacts.workDir());
        return Files.createTempDirectory(work, test.getRequiredTestClass().getSimpleName() + "-").toRealPath();
    }
}
