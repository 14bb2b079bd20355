package io.readahead.cli;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What a path leads to for another process, with its root and its rights.
 *
 * <p>Goes from name to name, for a symbolic link with an absolute path, met below /proc/PID/root, leads to our own root.
 * <p>Errors: none; a name that we can't look at ourselves counts as one that the process perhaps can't either.
 * <p>Source: path_resolution(7), proc(5).
 */
final class ServerFile {

    /** Of the kernel, for one path. */
    private static final int MOST_LINKS = 40;
    private static final int PERMISSION_BITS = 0777;

    private final Path root;
    private final ServerUser user;
    private final Path path;
    private Path at;
    private Path missing;
    private Path barrier;
    private boolean certainly;

    private ServerFile(Path root, ServerUser user, Path path) {
        this.root = root;
        this.user = user;
        this.path = path;
        this.at = root;
    }

    /**
     * Follows a path.
     *
     * @param root of the process as we see it, /proc/PID/root
     * @param path absolute, as the process sees it
     */
    static ServerFile find(Path root, ServerUser user, Path path) {
        ServerFile file = new ServerFile(root, user, path);
        file.follow();
        return file;
    }

    /** As the process sees it. */
    Path path() {
        return path;
    }

    /** Where we find it ourselves, without a symbolic link in it. */
    Path here() {
        return at;
    }

    /** The first name that is not there, as the process sees it; null where all are. */
    Path missing() {
        return missing;
    }

    /** The first name that shuts the process out; null where there is none. */
    Path barrier() {
        return barrier;
    }

    /** Whether nothing could still let it in: no list of rights besides the mode. */
    boolean isCertainlyShut() {
        return barrier != null && certainly;
    }

    /** The mode and the owner of the barrier, for people. */
    String barrierRights() {
        Path here = below(barrier);
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(here, LinkOption.NOFOLLOW_LINKS)) + ", of user "
                    + Files.getOwner(here, LinkOption.NOFOLLOW_LINKS).getName();
        } catch (IOException e) {
            return "not even to be looked at";
        }
    }

    private void follow() {
        Deque<Path> names = new ArrayDeque<>();
        path.forEach(names::add);
        int links = 0;
        while (!names.isEmpty() && missing == null) {
            look(at, ServerUser.SEARCH);
            Path name = names.pop();
            if (name.toString().equals("..")) {
                at = at.equals(root) ? root : at.getParent();
                continue;
            }
            Path next = at.resolve(name);
            if (!Files.isSymbolicLink(next)) {
                if (!Files.exists(next, LinkOption.NOFOLLOW_LINKS) && !isHidden(next)) {
                    missing = seen(next);
                }
                at = next;
            } else if (++links > MOST_LINKS || !push(next, names)) {
                missing = seen(next);
            }
        }
        if (missing == null) {
            look(at, ServerUser.READ);
        }
    }

    private boolean push(Path link, Deque<Path> names) {
        try {
            Path target = Files.readSymbolicLink(link);
            if (target.isAbsolute()) {
                at = root;
            }
            Deque<Path> before = new ArrayDeque<>();
            Consumer<Path> ahead = before::push;
            target.forEach(ahead);
            before.forEach(names::push);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** There or not, we may not know. */
    private static boolean isHidden(Path file) {
        try {
            Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS);
            return false;
        } catch (FileSystemException e) {
            return !(e instanceof NoSuchFileException) && !"Not a directory".equals(e.getReason());
        } catch (IOException e) {
            return true;
        }
    }

    private void look(Path file, int wanted) {
        if (barrier != null) {
            return;
        }
        ServerUser.Access access;
        try {
            Map<String, Object> facts = Files.readAttributes(file, "unix:mode,uid,gid", file.equals(root) ? new LinkOption[0]
                    : new LinkOption[] {LinkOption.NOFOLLOW_LINKS});
            access = user.to((Integer) facts.get("mode") & PERMISSION_BITS, (Integer) facts.get("uid"), (Integer) facts.get("gid"), wanted);
        } catch (IOException e) {
            access = ServerUser.Access.PERHAPS_NOT;
        }
        if (access != ServerUser.Access.YES) {
            barrier = seen(file);
            certainly = access == ServerUser.Access.NO;
        }
    }

    private Path seen(Path file) {
        return Path.of("/").resolve(root.relativize(file));
    }

    private Path below(Path seen) {
        return root.resolve(Path.of("/").relativize(seen));
    }
}
