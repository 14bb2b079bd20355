package io.readahead.examples.demo;

import io.readahead.kit.AgentStats;
import io.readahead.kit.ServerProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The Jetty example in a JVM of its own, with one selector thread, in its limits from its first instruction. */
final class ExampleServer implements AutoCloseable {

    /** How the kernel names the selector threads. */
    static final String SELECTOR_THREADS = "jetty-sel";

    private final SlowMachine.Limits limits;
    private final ServerProcess process;

    private ExampleServer(SlowMachine.Limits limits, ServerProcess process) {
        this.limits = limits;
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
                    .arguments("--root", root, "--host", "127.0.0.1", "--port", 0, "--selectors", 1);
            if (variant == Variant.WITH) {
                server.agent(options.agentJar(), options.agentOptions()).property("readahead.debug.stats", true);
            }
            return new ExampleServer(limits, server.start());
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
