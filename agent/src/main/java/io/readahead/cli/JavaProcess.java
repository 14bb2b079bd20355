package io.readahead.cli;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;

/**
 * A JVM that is attached to.
 *
 * <p>Looks before it attaches: attaching sends a signal, and a process that isn't a JVM dies of it, one that doesn't allow it
 * prints its threads.
 * <p>Errors: {@link CommandException} that names the process and what is needed. Threads: the command's.
 * <p>Source: proc(5); {@code com.sun.tools.attach}, JDK 17 to 25.
 */
final class JavaProcess implements AutoCloseable {

    private static final Set<String> OPTION_VARIABLES = Set.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");
    private static final String PREFIX = "readahead.";
    private static final Set<String> WORKING = Set.of("ACTIVE", "OBSERVING");

    private final long pid;
    private final VirtualMachine machine;

    private JavaProcess(long pid, VirtualMachine machine) {
        this.pid = pid;
        this.machine = machine;
    }

    /** Attaches to a JVM of the same user, or of any user for root. */
    static JavaProcess attach(long pid) throws CommandException {
        requireAttachable(pid);
        try {
            return new JavaProcess(pid, VirtualMachine.attach(Long.toString(pid)));
        } catch (AttachNotSupportedException | IOException e) {
            throw new CommandException("process " + pid + " can't be attached to: " + e.getMessage());
        }
    }

    /** Fails on any other system, where the agent would pass everything through. */
    static void requireLinux() throws CommandException {
        if (!System.getProperty("os.name", "").startsWith("Linux")) {
            throw new CommandException("Linux is needed, this is " + System.getProperty("os.name"));
        }
    }

    /** Fails where attaching can't work, with the reason. */
    static void requireAttachable(long pid) throws CommandException {
        requireLinux();
        Path proc = Path.of("/proc/" + pid);
        if (!Files.isDirectory(proc)) {
            throw new CommandException("there is no process " + pid + "; 'list' shows the JVMs that can be attached to");
        }
        int owner = uid(proc);
        int self = uid(Path.of("/proc/self"));
        if (self != 0 && owner != self) {
            throw new CommandException("process " + pid + " belongs to user " + owner + ", and this is user " + self
                    + "; attaching needs the same user, or root");
        }
        if (!maps(proc).contains("/libjvm.so")) {
            throw new CommandException("process " + pid + " is not a JVM that can be attached to: it has not loaded libjvm.so");
        }
        if (isStartedWith(proc, "-XX:+DisableAttachMechanism")) {
            throw new CommandException("process " + pid + " was started with -XX:+DisableAttachMechanism, which forbids attaching;"
                    + " start it with -javaagent instead");
        }
    }

    /** The agent properties of ours, without their prefix; empty where no agent ever ran. */
    Map<String, String> status() throws CommandException {
        try {
            Properties properties = machine.getAgentProperties();
            Map<String, String> ours = new TreeMap<>();
            for (String name : properties.stringPropertyNames()) {
                if (name.startsWith(PREFIX)) {
                    ours.put(name.substring(PREFIX.length()), properties.getProperty(name));
                }
            }
            return ours;
        } catch (IOException e) {
            throw new CommandException("process " + pid + " does not answer: " + e.getMessage());
        }
    }

    /** Whether a status is that of an agent that works. */
    static boolean isAgentIn(Map<String, String> status) {
        return WORKING.contains(status.getOrDefault("state", ""));
    }

    /** Loads the agent into the JVM, or calls the one that is there. */
    void load(Path jar, String arguments) throws CommandException {
        Path seenByIt = Path.of("/proc/" + pid + "/root" + jar);
        if (!Files.exists(seenByIt)) {
            throw new CommandException("process " + pid + " sees another file system, without " + jar
                    + "; copy the agent's jar to where it sees it and name that path: attach " + pid + " --jar PATH");
        }
        try {
            machine.loadAgent(jar.toString(), arguments);
        } catch (AgentLoadException | AgentInitializationException e) {
            boolean forbidden = isStartedWith(Path.of("/proc/" + pid), "-XX:-EnableDynamicAgentLoading");
            throw new CommandException("process " + pid + " refused the agent: " + e.getMessage() + (forbidden
                    ? "; it was started with -XX:-EnableDynamicAgentLoading, which forbids it: start it with -javaagent instead" : ""));
        } catch (IOException e) {
            throw new CommandException("process " + pid + " does not answer: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        try {
            machine.detach();
        } catch (IOException ignored) {
            // The JVM has ended: there is nothing to let go of.
        }
    }

    private static int uid(Path proc) throws CommandException {
        try {
            return (Integer) Files.getAttribute(proc, "unix:uid");
        } catch (IOException e) {
            throw new CommandException(proc + " can't be read: " + e.getMessage());
        }
    }

    private static String maps(Path proc) throws CommandException {
        try {
            return Files.readString(proc.resolve("maps"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new CommandException(proc + "/maps can't be read: " + e.getMessage());
        }
    }

    /** Whether a JVM was given an option, by its command line or by a variable of its environment. */
    private static boolean isStartedWith(Path proc, String option) {
        if (commandLine(proc).contains(option)) {
            return true;
        }
        try {
            return Arrays.stream(Files.readString(proc.resolve("environ"), StandardCharsets.ISO_8859_1).split("\0"))
                    .anyMatch(line -> line.contains(option) && OPTION_VARIABLES.stream().anyMatch(name -> line.startsWith(name + "=")));
        } catch (IOException e) {
            return false;
        }
    }

    /** The arguments, each followed by a blank; empty where they can't be read. */
    static String commandLine(Path proc) {
        try {
            return Files.readString(proc.resolve("cmdline"), StandardCharsets.ISO_8859_1).replace('\0', ' ');
        } catch (IOException e) {
            return "";
        }
    }
}
