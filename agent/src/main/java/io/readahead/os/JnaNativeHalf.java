package io.readahead.os;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.Supplier;

/**
 * JNA's native half on the disk, for as long as it takes to load it.
 *
 * <p>JNA would unpack it itself, by the umask's rights into a folder that it leaves behind, and it would run ldconfig to learn paths
 * that nobody needs here. The names of its properties below are others in the jar (agent/pom.xml): what an application sets for its
 * own JNA is nothing to ours.
 *
 * <p>Loader: that of JNA, which stays when the agent is taken off, for the native half stays too and is not loaded again for the next
 * agent. Public for that alone: the rest of this package is of the agent's loader.
 *
 * <p>Threads: start-up. The folder is the process's alone (0700), and so is the file in it (0600); both are gone when the action has run.
 */
public final class JnaNativeHalf {

    /** JNA's folder by the JVM's name of the processor. */
    private static final Map<String, String> FOLDERS = Map.of("amd64", "linux-x86-64", "aarch64", "linux-aarch64");
    private static final String FILE = "libjnidispatch.so";
    private static final Map<String, String> FIXED_PROPERTIES = Map.of("jna.nounpack", "true", "jna.platform.library.path", "");
    private static final String FOLDER_PROPERTY = "jna.boot.library.path";
    /** What JNA sets. */
    private static final List<String> LEFT_BEHIND = List.of("jna.loaded", "jnidispatch.path");
    private static final FileAttribute<Set<PosixFilePermission>> OWN_FOLDER = attribute("rwx------");
    private static final FileAttribute<Set<PosixFilePermission>> OWN_FILE = attribute("rw-------");

    private static boolean loaded;

    private final Path folder;

    private JnaNativeHalf(Path folder) {
        this.folder = folder;
    }

    private static FileAttribute<Set<PosixFilePermission>> attribute(String permissions) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
    }

    /** What the jar has natives for, as {@code os.arch} says it. */
    public static Set<String> architectures() {
        return FOLDERS.keySet();
    }

    /**
     * Where a file with code may lie, best first: {@code java.io.tmpdir}, the user's home, the folder that the server works in, /var/tmp,
     * /dev/shm, /run. Each may be full, read-only or mounted noexec.
     */
    public static List<String> folders() {
        return List.of(System.getProperty("java.io.tmpdir", ""), System.getProperty("user.home", ""), System.getProperty("user.dir", ""),
                "/var/tmp", "/dev/shm", "/run");
    }

    /**
     * Unpacks and loads it, in the first of the {@link #folders} that allows both, and runs something. Where that was done for an earlier
     * agent, just runs it.
     *
     * <p>Errors: UnsatisfiedLinkError, with what each folder said, and what helps.
     *
     * @param action initializes JNA's classes
     * @return what the action returned
     */
    public static synchronized <T> T whileUnpacked(Supplier<T> action) {
        if (loaded) {
            return action.get();
        }
        JnaNativeHalf half = load();
        try {
            T result = action.get();
            loaded = true;
            return result;
        } finally {
            half.remove();
        }
    }

    private static JnaNativeHalf load() {
        StringJoiner refused = new StringJoiner("; ");
        for (String parent : folders()) {
            Path folder = Path.of(parent, "readahead-" + Long.toHexString(System.nanoTime()));
            try {
                // A folder that is there already is an error: nobody can have prepared it.
                Files.createDirectory(folder, OWN_FOLDER);
            } catch (IOException | RuntimeException e) {
                refused.add(e.toString());
                continue;
            }
            JnaNativeHalf half = new JnaNativeHalf(folder);
            try {
                half.loadHere();
                return half;
            } catch (IOException | RuntimeException | UnsatisfiedLinkError e) {
                half.remove();
                refused.add(e.toString());
            }
        }
        throw new UnsatisfiedLinkError("its native half can be mapped from no folder (" + refused
                + "); -Djava.io.tmpdir=FOLDER names one that can be written to and is not mounted noexec");
    }

    private void loadHere() throws IOException {
        String resource = "com/sun/jna/" + FOLDERS.get(System.getProperty("os.arch")) + "/" + FILE;
        Path file = Files.createFile(folder.resolve(FILE), OWN_FILE);
        try (InputStream in = JnaNativeHalf.class.getClassLoader().getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException(resource + " is missing from the agent's jar");
            }
            Files.write(file, in.readAllBytes());
        }
        // JNA's own loading of the same file, by the same loader, changes nothing then; but JNA would keep its reason to itself.
        System.load(file.toString());
        FIXED_PROPERTIES.forEach(System::setProperty);
        System.setProperty(FOLDER_PROPERTY, folder.toString());
    }

    private void remove() {
        FIXED_PROPERTIES.keySet().forEach(System::clearProperty);
        System.clearProperty(FOLDER_PROPERTY);
        LEFT_BEHIND.forEach(System::clearProperty);
        try {
            Files.deleteIfExists(folder.resolve(FILE));
            Files.deleteIfExists(folder);
        } catch (IOException ignored) {
            // A file system that allows no more than writing: 130 KB stay behind.
        }
    }
}
