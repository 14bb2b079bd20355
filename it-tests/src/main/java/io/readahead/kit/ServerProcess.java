package io.readahead.kit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server, or any other Java program, in a JVM of its own, with or without the agent.
 *
 * <p>Errors: what the program prints is kept whole and is part of every message about it.
 * <p>Threads: any; two daemon threads collect what the program prints. Ended with this JVM at the latest.
 */
public final class ServerProcess implements AutoCloseable {

    /**
     * Has a JVM open the socket for attaching at its start, and not when somebody lists all JVMs of the machine: for who counts
     * descriptors.
     */
    public static final String ATTACH_LISTENER = "-XX:+StartAttachListener";

    /** A JVM that leaves by SIGTERM after its shutdown hooks says 128 + 15. */
    public static final int EXIT_BY_SIGTERM = 143;

    private static final Pattern LISTENING = Pattern.compile("listening on https?://([^:/]+):(\\d+)/");
    private static final long START_MILLIS = 60_000 * Patience.TIMES;
    private static final long RUN_SECONDS = 120 * Patience.TIMES;
    private static final long TERM_SECONDS = 10 * Patience.TIMES;

    /** What would make a JVM print lines of its own, or turn on options that no test asked for. */
    private static final List<String> FOREIGN_OPTIONS = List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

    private final List<String> command;
    private final Process process;
    private final LineCollector stdout;
    private final LineCollector stderr;
    private final Thread endWithThisJvm;
    private final Optional<ServerCertificate> certificate;
    private String host;
    private int port;

    private ServerProcess(Builder builder) throws IOException {
        command = builder.command();
        certificate = Optional.ofNullable(builder.certificate);
        PinnedFiles.pinProgram(builder.jdk, command);
        ProcessBuilder start = new ProcessBuilder(command);
        start.environment().keySet().removeAll(FOREIGN_OPTIONS);
        start.environment().putAll(builder.environment);
        process = start.start();
        process.getOutputStream().close();
        endWithThisJvm = new Thread(this::kill, "end-" + process.pid());
        Runtime.getRuntime().addShutdownHook(endWithThisJvm);
        stdout = new LineCollector(process.inputReader(), "stdout-" + process.pid());
        stderr = new LineCollector(process.errorReader(), "stderr-" + process.pid());
    }

    /** Begins the description of a JVM of this installation. */
    public static Builder on(Jdk jdk) {
        return new Builder(jdk);
    }

    /** The process id, also under a wrapper, for that is to exec. */
    public long pid() {
        return process.pid();
    }

    /** The host of the listening line. */
    public String host() {
        return host;
    }

    /** The port of the listening line. */
    public int port() {
        return port;
    }

    /** What its clients are to trust; empty for one that doesn't speak TLS. */
    public Optional<ServerCertificate> certificate() {
        return certificate;
    }

    /** Whether it still runs. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /**
     * Ends the program by SIGTERM, and by SIGKILL if it is still there 10 s later.
     *
     * <p>Threads: waits for the end on the caller's; a program that ended before is left as it is.
     *
     * @return the exit code
     */
    public int stop() {
        try {
            // Not Process.destroy(): that closes our end of its output too, and with it goes what it says at its end.
            process.toHandle().destroy();
            if (!process.waitFor(TERM_SECONDS, TimeUnit.SECONDS)) {
                kill();
                process.waitFor();
            }
            return ended();
        } catch (InterruptedException interrupted) {
            kill();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + command + " was stopped", interrupted);
        }
    }

    /** Its children too: a start script of somebody else's need not exec, and SIGKILL tells it nothing that it could pass on. */
    private void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.toHandle().destroyForcibly();
    }

    @Override
    public void close() {
        stop();
    }

    /** The lines on stdout so far; all of them once it has ended. */
    public List<String> stdout() {
        return stdout.lines();
    }

    /** The lines on stderr so far; all of them once it has ended. */
    public List<String> stderr() {
        return stderr.lines();
    }

    /** The lines on stderr that neither the agent nor we made: empty, if the agent is as quiet as it promises. */
    public List<String> foreignStderr() {
        return stderr().stream().filter(line -> !line.startsWith("readahead")).toList();
    }

    /** The lines on stderr that are the agent's, without the counters. */
    public List<String> agentStderr() {
        return stderr().stream().filter(line -> line.startsWith("readahead") && !line.startsWith(AgentStats.PREFIX)).toList();
    }

    /**
     * The agent's counters.
     *
     * <p>Errors: IllegalStateException when the program hasn't ended in an orderly way or there was no agent with
     * {@code -Dreadahead.debug.stats=true}.
     */
    public AgentStats stats() {
        return stderr().stream().filter(line -> line.startsWith(AgentStats.PREFIX)).reduce((first, last) -> last).map(AgentStats::parse)
                .orElseThrow(() -> new IllegalStateException("no line " + AgentStats.PREFIX + " on stderr; " + this));
    }

    /** Exit code of a program that has ended. */
    public int exitCode() {
        return process.exitValue();
    }

    @Override
    public String toString() {
        return "process " + pid() + (isAlive() ? " (running)" : " (exit " + process.exitValue() + ")") + " " + String.join(" ", command)
                + "\n--- stdout\n" + String.join("\n", stdout()) + "\n--- stderr\n" + String.join("\n", stderr()) + "\n---";
    }

    private int ended() throws InterruptedException {
        stdout.join();
        stderr.join();
        forgetShutdownHook();
        return process.exitValue();
    }

    private void forgetShutdownHook() {
        try {
            Runtime.getRuntime().removeShutdownHook(endWithThisJvm);
        } catch (IllegalStateException ignored) {
            // This JVM is ending itself.
        }
    }

    private ServerProcess awaitListening(Pattern pattern, boolean onStderr) throws InterruptedException {
        Matcher line = (onStderr ? stderr : stdout).await(pattern, START_MILLIS);
        if (line == null) {
            stop();
            throw new IllegalStateException("no line '" + pattern + "' on " + (onStderr ? "stderr; " : "stdout; ") + this);
        }
        if (line.groupCount() > 0) {
            host = line.group(1);
            port = Integer.parseInt(line.group(2));
        }
        return this;
    }

    private ServerProcess awaitEnd() throws InterruptedException {
        if (!process.waitFor(RUN_SECONDS, TimeUnit.SECONDS)) {
            stop();
            throw new IllegalStateException("still running after " + RUN_SECONDS + " s; " + this);
        }
        ended();
        return this;
    }

    /** A JVM that isn't started yet. */
    public static final class Builder {

        private final Jdk jdk;
        private final List<String> wrapper = new ArrayList<>();
        private final List<String> jvmArguments = new ArrayList<>();
        private final List<String> program = new ArrayList<>();
        private final List<String> arguments = new ArrayList<>();
        private final Map<String, String> environment = new LinkedHashMap<>();
        private String optionsVariable;
        private ServerCertificate certificate;
        private Pattern listening = LISTENING;
        private boolean onStderr;

        private Builder(Jdk jdk) {
            this.jdk = jdk;
        }

        /** A command that is to exec what follows it, so that the process id stays the same. */
        public Builder wrapper(String... command) {
            wrapper.addAll(List.of(command));
            return this;
        }

        /** Arguments before the program: -Xmx256m and the like. */
        public Builder jvm(String... options) {
            jvmArguments.addAll(List.of(options));
            return this;
        }

        /** Adds {@code -Dname=value}. */
        public Builder property(String name, Object value) {
            return jvm("-D" + name + "=" + value);
        }

        /** Adds {@code -javaagent:jar=options}; no options may be the empty string. */
        public Builder agent(Path jar, String options) {
            return jvm("-javaagent:" + jar + (options.isEmpty() ? "" : "=" + options));
        }

        /** The program: a runnable jar. */
        public Builder jar(Path jar) {
            program.addAll(List.of("-jar", jar.toString()));
            return this;
        }

        /** The program: a class of a class path. */
        public Builder main(String classPath, String mainClass) {
            program.addAll(List.of("-cp", classPath, mainClass));
            return this;
        }

        /**
         * The program: a server's own start script.
         *
         * <p>It finds the installation in JAVA_HOME, and is to exec, so that the process id stays the same.
         *
         * @param newOptionsVariable the variable of the environment from which it takes the JVM's arguments: CATALINA_OPTS and the like
         */
        public Builder script(Path script, String newOptionsVariable) {
            optionsVariable = newOptionsVariable;
            program.add(script.toString());
            return environment("JAVA_HOME", jdk.home().toString());
        }

        /**
         * For a server that tells where it listens in words of its own, on stderr.
         *
         * @param line its first group is the host, its second the port
         */
        public Builder listensWhenStderrSays(Pattern line) {
            listening = line;
            onStderr = true;
            return this;
        }

        /**
         * For a server that says on stdout when it is ready, and listens where it was told to: {@link ServerProcess#port} is not known.
         *
         * @param line without groups
         */
        public Builder isReadyWhenStdoutSays(Pattern line) {
            listening = line;
            onStderr = false;
            return this;
        }

        /** For a server that speaks TLS. */
        public Builder certificate(ServerCertificate newCertificate) {
            certificate = newCertificate;
            return this;
        }

        /** Arguments of the program. */
        public Builder arguments(Object... values) {
            for (Object value : values) {
                arguments.add(value.toString());
            }
            return this;
        }

        /** A variable of the environment, on top of this JVM's own. */
        public Builder environment(String name, String value) {
            environment.put(name, value);
            return this;
        }

        /**
         * Starts the program as a server.
         *
         * <p>Errors: IllegalStateException, with all that it printed, when it ends or a minute passes before it prints
         * {@code listening on http://HOST:PORT/}, or https, on stdout, or a line of its own; nothing of it is left then.
         *
         * @return the server once it listens
         */
        public ServerProcess start() throws IOException, InterruptedException {
            return new ServerProcess(this).awaitListening(listening, onStderr);
        }

        /**
         * Runs the program to its end.
         *
         * <p>Errors: IllegalStateException, with all that it printed, when it takes longer than two minutes.
         *
         * @return the program after its end, whatever its exit code
         */
        public ServerProcess run() throws IOException, InterruptedException {
            return new ServerProcess(this).awaitEnd();
        }

        private List<String> command() {
            List<String> command = new ArrayList<>(wrapper);
            if (optionsVariable == null) {
                command.add(jdk.java().toString());
                command.addAll(jvmArguments);
            } else {
                environment(optionsVariable, String.join(" ", jvmArguments));
            }
            command.addAll(program);
            command.addAll(arguments);
            return command;
        }
    }
}
