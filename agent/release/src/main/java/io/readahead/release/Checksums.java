package io.readahead.release;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** Writes SHA256SUMS, as sha256sum(1) reads it, for what a folder holds. */
public final class Checksums {

    static final String NAME = "SHA256SUMS";

    private Checksums() {
    }

    /** Argument: the folder. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(file -> !file.endsWith(NAME) && !file.toString().endsWith(".asc")).sorted().toList()) {
                lines.add(sha256(Files.readAllBytes(file)) + "  " + file.getFileName());
            }
        }
        Files.writeString(folder.resolve(NAME), String.join("\n", lines) + "\n");
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);    // every Java has it
        }
    }
}
