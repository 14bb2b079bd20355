package io.readahead.kit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One line of the mount table.
 *
 * <p>Source: proc_pid_mountinfo(5).
 *
 * @param root folder of the file system that is mounted here; not {@code /} in a bind mount or a container
 * @param mountPoint where it is mounted
 * @param type file system type, such as {@code ext4} or {@code cgroup}
 * @param source device, or a word
 * @param superOptions options of the file system; for cgroup v1 they hold its controllers
 */
record Mount(String root, Path mountPoint, String type, String source, Set<String> superOptions) {

    /** What is mounted on a folder at this moment. */
    static Optional<Mount> on(Path folder) throws IOException {
        return parse(Files.readString(Path.of("/proc/self/mountinfo"))).stream().filter(mount -> mount.mountPoint().equals(folder))
                .findFirst();
    }

    /** Reads a whole table; lines that don't look like mounts are left out. */
    static List<Mount> parse(String mountinfo) {
        List<Mount> mounts = new ArrayList<>();
        for (String line : mountinfo.lines().toList()) {
            int separator = line.indexOf(" - ");
            if (separator < 0) {
                continue;
            }
            String[] before = line.substring(0, separator).split(" ");
            String[] after = line.substring(separator + 3).split(" ");
            if (before.length < 6 || after.length < 3) {
                continue;
            }
            mounts.add(new Mount(unescape(before[3]), Path.of(unescape(before[4])), after[0], unescape(after[1]),
                    Set.of(distinct(after[2].split(",")))));
        }
        return mounts;
    }

    private static String[] distinct(String[] options) {
        return List.of(options).stream().distinct().toArray(String[]::new);
    }

    /** Space, tab, newline and backslash come as three octal digits. */
    private static String unescape(String field) {
        StringBuilder plain = new StringBuilder(field.length());
        for (int i = 0; i < field.length(); i++) {
            if (field.charAt(i) == '\\' && isOctal(field, i + 1)) {
                plain.append((char) Integer.parseInt(field.substring(i + 1, i + 4), 8));
                i += 3;
            } else {
                plain.append(field.charAt(i));
            }
        }
        return plain.toString();
    }

    private static boolean isOctal(String field, int from) {
        for (int i = from; i < from + 3; i++) {
            if (i >= field.length() || field.charAt(i) < '0' || field.charAt(i) > '7') {
                return false;
            }
        }
        return true;
    }
}
