package io.readahead.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/**
 * The jar that a server is to load, looked at as the server sees it before it is asked: of what is wrong with the jar, the JVM says
 * nothing but "Agent JAR not found or no Agent-Class attribute", and the server's stderr gets a line that says less.
 *
 * <p>Errors: {@link CommandException} that names the path, and what about it is wrong.
 */
final class AgentJar {

    private static final String AGENT_CLASS = "Agent-Class";
    private static final String ENTRY = "io.readahead.agent.ReadaheadAgent";
    /** Where the JVM takes the options to begin; it knows no way to write one that belongs to the path. */
    private static final String OPTIONS_BEGIN = "=";
    private static final int LAST_OF_ASCII = 0x7f;

    private final long pid;
    private final ServerUser user;
    private final ServerFile file;

    private AgentJar(long pid, ServerUser user, ServerFile file) {
        this.pid = pid;
        this.user = user;
        this.file = file;
    }

    /** @param given as the server sees it; one that is not absolute is taken from our own folder where the server has our root */
    static AgentJar of(long pid, Path given) throws CommandException {
        Path root = Path.of("/proc/" + pid + "/root");
        if (!given.isAbsolute() && !isOurRoot(root)) {
            throw new CommandException("process " + pid + " sees another file system, where the relative path " + given
                    + " leads nowhere; allowed is an absolute path as the process sees it");
        }
        Path absolute = given.toAbsolutePath().normalize();
        if (absolute.toString().contains(OPTIONS_BEGIN)) {
            throw new CommandException("the path " + absolute + " has a '=', where the JVM takes the options to begin;"
                    + " allowed is a path without one: copy the jar, or make a symbolic link to it");
        }
        ServerUser user = ServerUser.of(Path.of("/proc/" + pid));
        AgentJar jar = new AgentJar(pid, user, ServerFile.find(root, user, absolute));
        jar.requireThere(isOurRoot(root));
        jar.requireOurs();
        return jar;
    }

    /** Whether a server can have it. */
    static boolean isFor(long pid, Path path) {
        try {
            of(pid, path);
            return true;
        } catch (CommandException e) {
            return false;
        }
    }

    /** What the JVM is to be asked for. */
    Path path() {
        return file.path();
    }

    /** What goes in front of the options: the JVM tells the agent no path. */
    String asOption() {
        return "jar=" + file.path().toString().replace("%", "%25").replace(",", "%2C");
    }

    /** What may have kept the JVM from loading it, after it said that it could not. */
    String suspicion() {
        if (file.barrier() != null) {
            return "; " + shut();
        }
        return file.path().toString().chars().allMatch(character -> character <= LAST_OF_ASCII)
                ? "; a security module such as SELinux or AppArmor may keep it from reading " + file.path()
                : "; a JVM with the locale C or POSIX can't load from " + file.path() + ", for it has letters that are not ASCII;"
                        + " allowed is a path without them: copy the jar (a link does not help, the JDK follows it)";
    }

    private void requireThere(boolean ourRoot) throws CommandException {
        if (file.missing() != null) {
            throw new CommandException(ourRoot
                    ? "there is no jar " + file.path() + ": " + file.missing() + " is missing"
                    : "process " + pid + " sees another file system, without " + file.path()
                            + "; copy the agent's jar to where it sees it and name that path: --jar PATH");
        }
        if (file.isCertainlyShut()) {
            throw new CommandException(shut());
        }
    }

    private String shut() {
        return "process " + pid + " runs as user " + name(user.uid()) + ", who can't read " + file.path() + ": " + file.barrier()
                + " shuts it out (" + file.barrierRights() + "); allowed is a jar that this user can read";
    }

    private String name(int uid) {
        try {
            Path proc = Path.of("/proc/" + pid);
            return (Integer) Files.getAttribute(proc, "unix:uid") == uid ? Files.getOwner(proc).getName() : Integer.toString(uid);
        } catch (IOException e) {
            return Integer.toString(uid);
        }
    }

    private void requireOurs() throws CommandException {
        if (!Files.isRegularFile(file.here())) {
            throw new CommandException(file.path() + " is no jar: it is no regular file; allowed is the jar of this agent");
        }
        try (JarFile jar = new JarFile(file.here().toFile(), false)) {
            Manifest manifest = jar.getManifest();
            String agentClass = manifest == null ? null : manifest.getMainAttributes().getValue(AGENT_CLASS);
            if (!ENTRY.equals(agentClass)) {
                throw new CommandException(file.path() + " is no jar of this agent: the " + AGENT_CLASS + " of its manifest is "
                        + (agentClass == null ? "missing" : agentClass) + ", and not " + ENTRY);
            }
        } catch (AccessDeniedException ignored) {
            // Ours is not the server's user; the JVM will say what it finds.
        } catch (IOException | SecurityException e) {
            if (Files.isReadable(file.here())) {
                throw new CommandException(file.path() + " is no jar: " + e.getMessage() + "; allowed is the jar of this agent");
            }
        }
    }

    /** Not only the same root folder, but also the same mounts below it. */
    private static boolean isOurRoot(Path root) {
        return JavaProcess.isSameFile(root, Path.of("/"))
                && JavaProcess.isSameFile(root.resolveSibling("ns/mnt"), Path.of("/proc/self/ns/mnt"));
    }
}
