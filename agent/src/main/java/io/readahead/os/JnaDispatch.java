package io.readahead.os;

import com.sun.jna.Native;
import com.sun.jna.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Gets JNA's native part into the process: a file that only this user may read, which is gone as soon as it is mapped.
 *
 * <p>JNA by itself unpacks into one folder of the user's home, leaves that behind, and gives up where programs may not be mapped from
 * there. This tries the folders in which a server may write, one after the other.
 * <p>Errors: an UnsatisfiedLinkError that names each folder, and why it was not to be used.
 * <p>Threads: start-up. JNA's own properties are set while it initialises, and as they were afterwards.
 * <p>Source: {@code com.sun.jna.Native}, "jna.boot.library.path", "jna.boot.library.name", "jna.tmpdir".
 */
final class JnaDispatch {

    private static final String TMPDIR = "jna.tmpdir";
    private static final String PREFIX = "libreadahead-";
    private static final String SUFFIX = ".so";

    private JnaDispatch() {
    }

    /** Loads it. @param folders to be tried after that which the operator names, in this order; null entries are left out */
    static void load(List<String> folders) throws IOException {
        StringBuilder refusals = new StringBuilder();
        for (String folder : folders) {
            if (folder != null && loadFrom(Path.of(folder), refusals)) {
                return;
            }
        }
        throw new UnsatisfiedLinkError("its native part can be mapped from no folder:" + refusals
                + "; -D" + TMPDIR + "=DIR names one that can be written to and is not mounted noexec");
    }

    /** Where a server may write, as a rule; some of it mounted noexec in containers. */
    static List<String> folders() {
        List<String> folders = new ArrayList<>();
        for (String property : List.of(TMPDIR, "java.io.tmpdir", "user.home", "user.dir")) {
            folders.add(System.getProperty(property));
        }
        folders.addAll(List.of("/var/tmp", "/dev/shm", "/run"));
        return folders;
    }

    private static boolean loadFrom(Path folder, StringBuilder refusals) throws IOException {
        Path file = null;
        try {
            file = Files.createTempFile(folder, PREFIX, SUFFIX);    // 0600, and no file that was there
            unpack(file);
            System.load(file.toString());
            initialise(file);
            return true;
        } catch (IOException | UnsatisfiedLinkError | SecurityException refused) {
            refusals.append(refusals.length() == 0 ? " " : ", ").append(folder).append(" (").append(refused).append(')');
            return false;
        } finally {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static void unpack(Path file) throws IOException {
        String resource = "com/sun/jna/" + Platform.RESOURCE_PREFIX + "/" + System.mapLibraryName("jnidispatch");
        try (InputStream in = JnaDispatch.class.getClassLoader().getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException("the agent's jar has no " + resource);
            }
            Files.write(file, in.readAllBytes());
        }
    }

    /** JNA asks for the file by name, and finds that its class loader has it. */
    private static void initialise(Path file) {
        String name = file.getFileName().toString();
        Map<String, String> own = Map.of(
                "jna.boot.library.path", file.getParent().toString(),
                "jna.boot.library.name", name.substring("lib".length(), name.length() - SUFFIX.length()),
                TMPDIR, file.getParent().toString());
        Map<String, String> before = new LinkedHashMap<>();
        own.forEach((key, value) -> before.put(key, System.setProperty(key, value)));
        try {
            Native.getNativeSize(long.class);
        } finally {
            before.forEach((key, value) -> {
                if (value == null) {
                    System.clearProperty(key);
                } else {
                    System.setProperty(key, value);
                }
            });
        }
    }
}
