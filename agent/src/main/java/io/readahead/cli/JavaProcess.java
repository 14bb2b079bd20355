package io.readahead.cli;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
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
    /** All that change by the second, as one: so they are of one moment. */
    private static final String FIGURES = "figures";
    /** How many answers there were. */
    private static final String ANSWERS = "answers";
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
        requireFindable(pid, proc);
    }

    /**
     * Fails where the JDK of this command would look for the server in another /tmp than the server's.
     *
     * <p>The server does not find the file either by which it knows that somebody attaches, and takes the signal for the wish to see
     * its threads.
     */
    private static void requireFindable(long pid, Path proc) throws CommandException {
        if (looksInOwnTmp() && isKnownToItselfAs(pid, proc) && !isSameFile(Path.of("/tmp"), proc.resolve("root/tmp"))) {
            throw new CommandException("process " + pid + " has another /tmp than this command, and this JDK "
                    + Runtime.version().feature() + " does not look there; attaching would only have it print its threads."
                    + " Use a JDK of 24 or later, or run the command there: chroot " + proc + "/root java -jar ...");
        }
    }

    /** JDK-8226919, in 17.0.11 and 21.0.3 among others, up to JDK-8342449: only another process id makes them look elsewhere. */
    private static boolean looksInOwnTmp() {
        try {
            Class<?> machine = Class.forName("sun.tools.attach.VirtualMachineImpl", false, VirtualMachine.class.getClassLoader());
            return Arrays.stream(machine.getDeclaredMethods()).anyMatch(method -> method.getName().equals("findTargetProcessTmpDirectory"))
                    && Arrays.stream(machine.getDeclaredFields()).noneMatch(field -> field.getName().equals("ROOT_TMP"));
        } catch (ClassNotFoundException | RuntimeException anotherVendors) {
            return false;
        }
    }

    private static boolean isKnownToItselfAs(long pid, Path proc) throws CommandException {
        return ServerUser.status(proc).lines().filter(line -> line.startsWith("NSpid:")).allMatch(line -> line.endsWith("\t" + pid));
    }

    /** Whether both are there and the same, whatever their names. */
    static boolean isSameFile(Path one, Path other) {
        try {
            return Files.readAttributes(one, BasicFileAttributes.class).fileKey()
                    .equals(Files.readAttributes(other, BasicFileAttributes.class).fileKey());
        } catch (IOException e) {
            return false;
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
            String figures = ours.remove(FIGURES);
            if (figures != null) {
                Properties inner = new Properties();
                inner.load(new StringReader(figures));
                inner.stringPropertyNames().forEach(name -> ours.put(name, inner.getProperty(name)));
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

    /**
     * Loads the agent into the JVM, or calls the one that is there.
     *
     * <p>Errors: also where what it said last is older than the question.
     *
     * @return the answer
     */
    String load(AgentJar jar, String arguments) throws CommandException {
        String answers = status().get(ANSWERS);
        try {
            machine.loadAgent(jar.path().toString(), arguments);
        } catch (AgentLoadException | AgentInitializationException e) {
            boolean forbidden = isStartedWith(Path.of("/proc/" + pid), "-XX:-EnableDynamicAgentLoading");
            throw new CommandException("process " + pid + " refused the agent: " + e.getMessage() + (forbidden
                    ? "; it was started with -XX:-EnableDynamicAgentLoading, which forbids it: start it with -javaagent instead"
                    : jar.suspicion()));
        } catch (IOException e) {
            throw new CommandException("process " + pid + " does not answer: " + e.getMessage());
        }
        Map<String, String> status = status();
        if (Objects.equals(answers, status.get(ANSWERS))) {
            throw new CommandException("the agent in process " + pid + " gives no answer; the server's stderr says why");
        }
        return status.get("answer");
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
