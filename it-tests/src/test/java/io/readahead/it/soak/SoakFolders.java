package io.readahead.it.soak;

import io.readahead.it.FileServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Which server is asked for which files.
 *
 * <p>All share a folder, and so the page cache, but for those that keep files mapped: nobody can evict a page while one process has it
 * mapped, and what such a server has sent would stay hot for the others. Its own is let go where its memory is small, and whenever the
 * server has collected its garbage.
 * <p>A server that doesn't notice that a file was cut is asked for none that may be.
 *
 * @param mapped for those that keep files mapped
 */
record SoakFolders(SoakFiles shared, SoakFiles mapped) {

    static SoakFolders write(Path root) throws IOException {
        SoakFiles shared = SoakFiles.write(Files.createDirectories(root.resolve("shared")), 1, true);
        return new SoakFolders(shared, SoakFiles.write(Files.createDirectories(root.resolve("mapped")), 1 + shared.count(), false));
    }

    /** Those that a server is asked for. */
    SoakFiles of(FileServer kind) {
        SoakFiles files = kind.keepsFilesMapped() ? mapped : shared;
        return kind.noticesTruncation() ? files : files.unchanging();
    }

    List<SoakFiles> all() {
        return List.of(shared, mapped);
    }
}
