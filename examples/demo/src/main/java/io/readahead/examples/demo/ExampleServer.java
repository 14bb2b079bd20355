package io.readahead.examples.demo;

import io.readahead.kit.AgentStats;
import io.readahead.kit.ServerProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The server in a JVM of its own, with one selector, in its limits from its first instruction. */
final class ExampleServer implements AutoCloseable {

    private static final long COLLECTION_SECONDS = 10;

    private final SlowMachine.Limits limits;
    private final DemoOptions options;
    private final ServerProcess process;

    private ExampleServer(SlowMachine.Limits limits, DemoOptions options, ServerProcess process) {
        this.limits = limits;
        this.options = options;
        this.process = process;
    }

    static ExampleServer start(DemoOptions options, SlowMachine machine, Path root, Variant variant)
            throws IOException, InterruptedException {
        SlowMachine.Limits limits = machine.limits();
        try {
            ServerProcess.Builder server = ServerProcess.on(options.jdk())
                    .wrapper(limits.wrapper().toArray(String[]::new))
                    .jvm("-Xmx64m")
                    .jar(options.serverJar())
                    .arguments("--root", root, "--host", "127.0.0.1", "--port", 0, "--selectors", 1,
                            "--handler", options.server().handler());
            if (variant == Variant.WITH) {
                server.agent(options.agentJar(), options.agentOptions()).property("readahead.debug.stats", true);
            }
            return new ExampleServer(limits, options, server.start());
        } catch (IOException | InterruptedException | RuntimeException e) {
            limits.close();
            throw e;
        }
    }

    long pid() {
        return process.pid();
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), process.port());
    }

    /**
     * Has the server let go of files that it has mapped and needs no more, by a garbage collection.
     *
     * <p>Errors: none; without a jcmd the mappings stay.
     * <p>Threads: a background client's; waits for the collection.
     * <p>Source: jcmd(1), GC.run.
     */
    void letGoOfMappings() {
        if (!options.server().keepsFilesMapped()) {
            return;
        }
        try {
            Process jcmd = new ProcessBuilder(options.jdk().java().resolveSibling("jcmd").toString(), Long.toString(pid()), "GC.run")
                    .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            if (!jcmd.waitFor(COLLECTION_SECONDS, TimeUnit.SECONDS)) {
                jcmd.destroyForcibly();
            }
        } catch (IOException noJcmd) {
            // The file stays as warm as it is; the disk's own account shows it.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What the agent said when it started, or what kept it from working. */
    List<String> agentLines() {
        return process.agentStderr();
    }

    /**
     * Ends the server.
     *
     * @return the agent's counters, or empty without an agent that is at work
     */
    Optional<AgentStats> stop() throws IOException {
        limits.release();
        process.stop();
        limits.close();
        boolean counted = process.stderr().stream().anyMatch(line -> line.startsWith(AgentStats.PREFIX));
        return counted ? Optional.of(process.stats()) : Optional.empty();
    }

    @Override
    public void close() {
        try {
            limits.release();
        } catch (IOException ignored) {
            // It only takes longer to end then.
        }
        process.close();
        limits.close();
    }
}
