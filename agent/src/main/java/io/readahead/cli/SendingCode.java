package io.readahead.cli;

import io.readahead.start.Servers;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Enumeration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * Which jars, jars inside of jars, and folders of class files call {@code FileChannel.transferTo}.
 *
 * <p>Of a jar in a jar, as Spring Boot and web archives have them, one level is looked into. No code is loaded.
 * <p>Errors: what can't be read, or is no class file of a size that one has, is left out.
 */
final class SendingCode {

    private static final String CLASS = ".class";
    private static final String JAR = ".jar";
    private static final String OF_THE_AGENT = "META-INF/isolated/";
    /** Where archives keep classes that are not below their root. */
    private static final List<String> CLASS_FOLDERS = List.of("BOOT-INF/classes/", "WEB-INF/classes/");
    private static final int MOST_CLASS_BYTES = 4 << 20;
    private static final int MOST_FILES = 50_000;
    private static final int DEEPEST = 64;
    /** Of a jar in a jar, unpacked: a few kilobytes of zeros unpack to gigabytes. */
    private static final long MOST_UNPACKED_BYTES = 1L << 30;

    private SendingCode() {
    }

    /**
     * Looks into a jar.
     *
     * @param file the jar, under whichever name it can be read
     * @param name what it is called
     * @return its name if it calls, and {@code name!inner.jar} for each jar in it that does
     */
    static Set<String> inJar(Path file, String name) {
        Set<String> found = new TreeSet<>();
        if (!Files.isRegularFile(file)) {
            return found;    // opening a pipe waits for its writer
        }
        try (JarFile jar = new JarFile(file.toFile(), false)) {
            if (jar.getEntry(OF_THE_AGENT) != null) {
                return Set.of();
            }
            Enumeration<JarEntry> entries = jar.entries();
            while (entries.hasMoreElements()) {
                JarEntry entry = entries.nextElement();
                String entryName = entry.getName();
                if (entryName.endsWith(CLASS) && !found.contains(name)) {
                    try (InputStream in = jar.getInputStream(entry)) {
                        if (sends(entryName, in)) {
                            found.add(name);
                        }
                    }
                } else if (entryName.endsWith(JAR)) {
                    try (InputStream in = jar.getInputStream(entry)) {
                        if (sendsWithin(in, MOST_UNPACKED_BYTES)) {
                            found.add(name + "!" + entryName.substring(entryName.lastIndexOf('/') + 1));
                        }
                    }
                }
            }
        } catch (IOException | RuntimeException ignored) {
            // Damaged, or gone meanwhile: what was found stands.
        }
        return found;
    }

    /** @param mostBytes unpacked, behind which nothing is looked at */
    static boolean sendsWithin(InputStream innerJar, long mostBytes) {
        try (ZipInputStream in = bounded(innerJar, mostBytes)) {
            int left = MOST_FILES;
            for (ZipEntry entry = in.getNextEntry(); entry != null && left > 0; entry = in.getNextEntry()) {
                left--;
                if (entry.getName().startsWith(OF_THE_AGENT)) {
                    return false;
                }
                if (entry.getName().endsWith(CLASS) && sends(entry.getName(), kept(in))) {
                    return true;
                }
            }
        } catch (IOException | RuntimeException ignored) {
            // As above.
        }
        return false;
    }

    private static ZipInputStream bounded(InputStream archive, long mostBytes) {
        return new ZipInputStream(archive) {
            private long left = mostBytes;

            /** What is skipped to reach the next entry is read here too. */
            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                int count = super.read(buffer, offset, length);
                left -= Math.max(0, count);
                if (left < 0) {
                    throw new IOException("more than " + mostBytes + " bytes unpacked");
                }
                return count;
            }
        };
    }

    /** Closing it leaves the archive open for the next entry. */
    private static InputStream kept(InputStream archive) {
        return new FilterInputStream(archive) {
            @Override
            public void close() {
                // The archive is whoever's opened it.
            }
        };
    }

    /** Whether a class file below a folder of the class path calls; links are not followed. */
    static boolean inFolder(Path folder) {
        boolean[] found = new boolean[1];
        int[] left = {MOST_FILES};
        try {
            Files.walkFileTree(folder, Set.of(), DEEPEST, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    left[0]--;
                    if (attributes.isRegularFile() && file.toString().endsWith(CLASS)) {
                        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
                            found[0] = sends(folder.relativize(file).toString(), in);
                        } catch (IOException | RuntimeException ignored) {
                            // Not to be read.
                        }
                    }
                    return found[0] || left[0] == 0 ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException failure) {
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException | RuntimeException ignored) {
            // It is gone.
        }
        return found[0];
    }

    private static boolean sends(String entryName, InputStream classFile) throws IOException {
        String name = entryName;
        for (String folder : CLASS_FOLDERS) {
            name = name.startsWith(folder) ? name.substring(folder.length()) : name;
        }
        byte[] bytes = classFile.readNBytes(MOST_CLASS_BYTES);
        return bytes.length < MOST_CLASS_BYTES && Servers.sendsFiles(name, bytes);
    }
}
