package io.readahead.release;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.ar.ArArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** The files of a .deb. */
final class DebianPackage {

    private static final String DATA = "data.tar.xz";

    private final Map<String, byte[]> files = new TreeMap<>();

    /** Reads all of it. */
    DebianPackage(Path file) throws IOException {
        try (ArArchiveInputStream members = new ArArchiveInputStream(new ByteArrayInputStream(Files.readAllBytes(file)))) {
            for (var member = members.getNextEntry(); member != null; member = members.getNextEntry()) {
                if (member.getName().equals(DATA)) {
                    readFiles(members);
                }
            }
        }
    }

    private void readFiles(InputStream data) throws IOException {
        TarArchiveInputStream tar = new TarArchiveInputStream(new XZCompressorInputStream(data));
        for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
            if (entry.isFile() && !entry.isSymbolicLink()) {
                files.put(entry.getName(), tar.readAllBytes());
            }
        }
    }

    /** The bytes of a file, by its absolute path. */
    byte[] file(String path) {
        byte[] bytes = files.get("." + path);
        if (bytes == null) {
            throw new IllegalArgumentException("no " + path + " among " + files.keySet());
        }
        return bytes;
    }
}
