package io.readahead.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Where code that sends files is found, in whatever it was packed. */
class SendingCodeTest {

    private static final String NAME = "io/readahead/cli/SendingCodeTest$Sender.class";

    @TempDir
    private Path folder;

    /** Sends, and is never run. */
    static final class Sender {
        long send(FileChannel file, WritableByteChannel target) throws IOException {
            return file.transferTo(0, 1, target);
        }
    }

    private static byte[] classFile(Class<?> type) throws IOException {
        try (InputStream in = type.getResourceAsStream("/" + type.getName().replace('.', '/') + ".class")) {
            return in.readAllBytes();
        }
    }

    private static byte[] jar(boolean stored, String name, byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            for (String other : List.of("META-INF/MANIFEST.MF", name)) {
                byte[] written = other.equals(name) ? content : new byte[0];
                ZipEntry entry = new ZipEntry(other);
                if (stored) {
                    CRC32 sum = new CRC32();
                    sum.update(written);
                    entry.setMethod(ZipEntry.STORED);
                    entry.setSize(written.length);
                    entry.setCrc(sum.getValue());
                }
                out.putNextEntry(entry);
                out.write(written);
            }
        }
        return bytes.toByteArray();
    }

    private Set<String> found(byte[] jar) throws IOException {
        return SendingCode.inJar(Files.write(folder.resolve("any"), jar), "app.jar");
    }

    @Test
    void aJarThatSendsIsNamedAndOneThatDoesNotIsNot() throws IOException {
        assertEquals(Set.of("app.jar"), found(jar(false, NAME, classFile(Sender.class))));
        assertEquals(Set.of(), found(jar(false, "a/B.class", classFile(Set.class))));
    }

    @Test
    void aJarInAJarIsLookedInto() throws IOException {
        for (boolean stored : new boolean[] {true, false}) {
            byte[] inner = jar(!stored, NAME, classFile(Sender.class));
            assertEquals(Set.of("app.jar!netty.jar"), found(jar(stored, "BOOT-INF/lib/netty.jar", inner)));
            assertEquals(Set.of("app.jar!netty.jar"), found(jar(stored, "WEB-INF/lib/netty.jar", inner)));
        }
    }

    @Test
    void classesOfAnArchiveHaveTheirOwnNames() throws IOException {
        // A recipe of a server looks at the name alone.
        String known = "io/netty/channel/epoll/AbstractEpollStreamChannel.class";
        assertEquals(Set.of("app.jar"), found(jar(true, "BOOT-INF/classes/" + known, new byte[0])));
        assertEquals(Set.of("app.jar"), found(jar(true, "WEB-INF/classes/" + NAME, classFile(Sender.class))));
    }

    @Test
    void whatIsDamagedIsLeftOut() throws IOException {
        byte[] whole = jar(false, NAME, classFile(Sender.class));
        assertEquals(Set.of(), found(jar(true, "lib/cut.jar", Arrays.copyOf(whole, whole.length / 3))));
        assertEquals(Set.of(), found(new byte[100]));
        assertEquals(Set.of(), SendingCode.inJar(folder.resolve("none"), "none.jar"));
    }

    @Test
    void aJarThatUnpacksToMoreThanTheBoundIsNotReadToItsEnd() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            out.putNextEntry(new ZipEntry("zeros"));
            out.write(new byte[1 << 20]);
            out.putNextEntry(new ZipEntry(NAME));
            out.write(classFile(Sender.class));
        }
        assertTrue(SendingCode.sendsWithin(new ByteArrayInputStream(bytes.toByteArray()), 2 << 20));
        assertFalse(SendingCode.sendsWithin(new ByteArrayInputStream(bytes.toByteArray()), 1 << 19));
    }

    @Test
    @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aPipeIsNotWaitedFor() throws IOException, InterruptedException {
        Path pipe = folder.resolve("pipe.jar");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        assertEquals(Set.of(), SendingCode.inJar(pipe, "pipe.jar"));
    }

    @Test
    void theAgentsOwnJarIsNoServers() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            out.putNextEntry(new ZipEntry("META-INF/isolated/"));
            out.putNextEntry(new ZipEntry(NAME));
            out.write(classFile(Sender.class));
        }
        assertEquals(Set.of(), found(bytes.toByteArray()));
    }

    @Test
    void aFolderOfClassesIsWalked() throws IOException {
        assertFalse(SendingCode.inFolder(folder.resolve("none")));
        Path file = folder.resolve("classes").resolve(NAME);
        Files.createDirectories(file.getParent());
        assertFalse(SendingCode.inFolder(folder.resolve("classes")));
        Files.write(file, classFile(Sender.class));
        assertTrue(SendingCode.inFolder(folder.resolve("classes")));
    }
}
