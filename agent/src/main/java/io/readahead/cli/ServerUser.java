package io.readahead.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * As whom a process opens files.
 *
 * <p>Source: proc(5), /proc/PID/status; path_resolution(7); acl(5): where a file has a list, its group bits are the most that the list
 * gives to anybody but the owner and the others.
 *
 * @param uid the file system user id
 * @param groups the file system group id, and the supplementary ones
 * @param readsAll whether it has CAP_DAC_OVERRIDE or CAP_DAC_READ_SEARCH
 */
record ServerUser(int uid, Set<Integer> groups, boolean readsAll) {

    static final int READ = 4;
    static final int SEARCH = 1;

    private static final int FILE_SYSTEM_ID = 3;
    private static final long DAC_OVERRIDE_OR_READ_SEARCH = 1 << 1 | 1 << 2;
    private static final int OWNER_SHIFT = 6;
    private static final int GROUP_SHIFT = 3;
    private static final int HEXADECIMAL = 16;

    /** Whether a process may do something with a file. */
    enum Access { YES, NO, PERHAPS_NOT }

    static ServerUser of(Path proc) throws CommandException {
        return parse(status(proc));
    }

    /** The text of /proc/PID/status. */
    static String status(Path proc) throws CommandException {
        try {
            return Files.readString(proc.resolve("status"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new CommandException(proc + "/status can't be read: " + e.getMessage());
        }
    }

    /** @param status the text of /proc/PID/status */
    static ServerUser parse(String status) {
        Map<String, String> lines = status.lines().filter(line -> line.contains(":"))
                .collect(Collectors.toMap(line -> line.substring(0, line.indexOf(':')),
                        line -> line.substring(line.indexOf(':') + 1).strip(), (first, second) -> first));
        Set<Integer> groups = Arrays.stream(lines.getOrDefault("Groups", "").split("\\s+")).filter(group -> !group.isEmpty())
                .map(Integer::parseUnsignedInt).collect(Collectors.toSet());
        groups.add(Integer.parseUnsignedInt(lines.get("Gid").split("\\s+")[FILE_SYSTEM_ID]));
        return new ServerUser(Integer.parseUnsignedInt(lines.get("Uid").split("\\s+")[FILE_SYSTEM_ID]), groups,
                (Long.parseUnsignedLong(lines.getOrDefault("CapEff", "0"), HEXADECIMAL) & DAC_OVERRIDE_OR_READ_SEARCH) != 0);
    }

    /** @param wanted {@link #READ} or {@link #SEARCH} */
    Access to(int mode, int owner, int group, int wanted) {
        if (readsAll) {
            return Access.YES;
        }
        if (uid == owner) {
            return (mode >> OWNER_SHIFT & wanted) != 0 ? Access.YES : Access.NO;
        }
        boolean groupMay = (mode >> GROUP_SHIFT & wanted) != 0;
        if (groups.contains(group)) {
            return groupMay ? Access.YES : Access.NO;
        }
        if ((mode & wanted) != 0) {
            return Access.YES;
        }
        return groupMay ? Access.PERHAPS_NOT : Access.NO;
    }
}
