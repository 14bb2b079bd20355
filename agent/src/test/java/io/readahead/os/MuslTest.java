package io.readahead.os;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** musl is told by the dynamic linker that the process has mapped, and by nothing else. */
class MuslTest {

    private static final String PROGRAM = "55d3c0a00000-55d3c0a01000 r-xp 00000000 00:2f 393449              /opt/java/openjdk/bin/java\n";
    private static final String TEXT = "7f5c0dd64000-7f5c0ddb1000 r-xp 00015000 00:2f 1835                      ";
    private static final String DATA = "7f5c0ddb1000-7f5c0dde7000 r--p 00062000 00:2f 1835                      ";

    @TempDir
    private Path folder;

    private Optional<String> loader(String maps) throws IOException {
        return Musl.loader(Files.writeString(folder.resolve("maps"), maps));
    }

    @Test
    void theLoaderIsNamed() throws IOException {
        assertEquals(Optional.of("/lib/ld-musl-x86_64.so.1"), loader(PROGRAM + TEXT + "/lib/ld-musl-x86_64.so.1\n"));
        assertEquals(Optional.of("/lib/ld-musl-aarch64.so.1"),
                loader(PROGRAM + DATA + "/lib/ld-musl-aarch64.so.1\n" + TEXT + "/lib/ld-musl-aarch64.so.1\n"));
        assertEquals(Optional.of("/a b/ld-musl-x86_64.so.1"), loader(TEXT + "/a b/ld-musl-x86_64.so.1\n"));
    }

    @Test
    void whatOnlyHasSuchANameIsNot() throws IOException {
        assertEquals(Optional.empty(), loader(PROGRAM + TEXT + "/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2\n"));
        assertEquals(Optional.empty(), loader(DATA + "/srv/files/ld-musl-x86_64.so.1\n"), "a mapped file");
        assertEquals(Optional.empty(), loader(TEXT + "/opt/ld-musl-x86_64/lib/libjvm.so\n"), "a folder");
        assertEquals(Optional.empty(), loader(PROGRAM + "7ffe005a2000-7ffe005c3000 rw-p 00000000 00:00 0             [stack]\n"));
    }

    @Test
    void whereNobodyCanSayItIsNot() {
        assertEquals(Optional.empty(), Musl.loader(folder.resolve("none")));
    }
}
