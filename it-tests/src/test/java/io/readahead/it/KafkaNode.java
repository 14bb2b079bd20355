package io.readahead.it;

import io.readahead.kit.CgroupLimits;
import io.readahead.kit.Jdk;
import io.readahead.kit.JavaThreads;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;

/**
 * A Kafka broker as released, started by {@code examples/kafka/run.sh}, with one network thread for each listener.
 *
 * @param id of the node in its cluster
 * @param directory what run.sh calls {@code --dir}
 */
record KafkaNode(ServerProcess process, int id, Path directory, KafkaEndpoint plain, KafkaEndpoint tls) implements AutoCloseable {

    private static final Pattern READY = Pattern.compile("\\[KafkaRaftServer nodeId=\\d+] Kafka Server started");
    private static final String FIRST_SEGMENT = "00000000000000000000.log";
    /** Below the ports that the kernel gives to clients, so that none of those takes one before the broker does. */
    private static final int FIRST_PORT = 20_000;
    private static final int PORTS = 10_000;

    /** On JDK 24 and later, its libraries' use of JNI and of sun.misc.Unsafe. */
    private static final Pattern OWN_LINE = Pattern.compile("WARNING: .*");

    /** Kafka's jars: below examples, and of {@code -Pproducts}. */
    enum Version {
        NEWEST("kafka"), OLDEST("kafka/oldest"), OF_PRODUCTS("kafka-3.9");

        private final String folder;

        Version(String folder) {
            this.folder = folder;
        }

        Path jars() {
            return this == OF_PRODUCTS ? Artifacts.ofProduct(folder, "lib") : Artifacts.ofExample(folder, "lib");
        }

        @Override
        public String toString() {
            return "Kafka " + name().toLowerCase(Locale.ROOT);
        }
    }

    /** A broker that isn't started yet. */
    static final class Builder {

        private final Path directory;
        private final List<Object> arguments = new ArrayList<>();
        private final ServerProcess.Builder server;
        private final int port = freePort();
        private int controllerPort = freePort();
        private int tlsPort;
        private Path certificate;
        private int id = 1;

        Builder(Jdk jdk, Version version, Path directory) throws IOException {
            this.directory = directory;
            server = ServerProcess.on(jdk).script(Path.of(Artifacts.property("readahead.examples.dir"), "kafka/run.sh"), "KAFKA_OPTS")
                    .isReadyWhenStdoutSays(READY);
            arguments.addAll(List.of("--kafka", version.jars(), "--set", "num.network.threads=1"));
        }

        /** With the agent at its defaults and its counters at the end, or without. */
        Builder agent(boolean wanted) {
            if (wanted) {
                server.agent(Artifacts.agentJar(), "").property("readahead.debug.stats", true);
            }
            return this;
        }

        Builder property(String name, Object value) {
            server.property(name, value);
            return this;
        }

        Builder limits(CgroupLimits limits) {
            server.wrapper(limits.wrapper().toArray(String[]::new));
            return this;
        }

        Builder environment(String name, String value) {
            server.environment(name, value);
            return this;
        }

        Builder set(String setting) {
            arguments.addAll(List.of("--set", setting));
            return this;
        }

        Builder tls(ServerKeys keys) throws IOException {
            tlsPort = freePort();
            certificate = keys.certificate();
            arguments.addAll(List.of("--tls-port", tlsPort, "--keystore", keys.keystore(), "--password", ServerKeys.PASSWORD));
            return this;
        }

        /** @param controllerPorts of all nodes, whose ids are 1, 2 and so on */
        Builder nodeOfMany(int newId, List<Integer> controllerPorts) {
            id = newId;
            controllerPort = controllerPorts.get(newId - 1);
            List<String> voters = new ArrayList<>();
            for (int node = 1; node <= controllerPorts.size(); node++) {
                voters.add(node + "@127.0.0.1:" + controllerPorts.get(node - 1));
            }
            arguments.addAll(List.of("--node", id, "--voters", String.join(",", voters)));
            return this;
        }

        KafkaNode start() throws IOException, InterruptedException {
            arguments.addAll(List.of("--dir", directory, "--port", port, "--controller-port", controllerPort));
            return new KafkaNode(server.arguments(arguments.toArray()).start(), id, directory,
                    new KafkaEndpoint(KafkaEndpoint.PLAINTEXT, port, null), new KafkaEndpoint(KafkaEndpoint.SSL, tlsPort, certificate));
        }
    }

    /** A port that nobody has at this moment. */
    static int freePort() throws IOException {
        while (true) {
            int port = FIRST_PORT + ThreadLocalRandom.current().nextInt(PORTS);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException ignored) {
                // Somebody has it: another one.
            }
        }
    }

    long pid() {
        return process.pid();
    }

    /**
     * The kernel's id of the thread that does a listener's network I/O; {@code data-plane-kafk} is the name of others too.
     *
     * <p>Source: {@code ...-1-PLAINTEXT-PLAINTEXT-0} in Kafka 4.4, {@code ...-1-ListenerName(PLAINTEXT)-PLAINTEXT-0} in 4.0.
     */
    Set<Long> networkThread(KafkaEndpoint endpoint) throws IOException, InterruptedException {
        return JavaThreads.ids(Jdk.current(), pid(),
                Pattern.compile("data-plane-kafka-network-thread-" + id + "-(ListenerName\\()?" + endpoint.protocol() + "\\b.*"));
    }

    /** The kernel's ids of the threads that look into the log, and wait for the disk where they must. */
    Set<Long> requestHandlers() throws IOException, InterruptedException {
        return JavaThreads.ids(Jdk.current(), pid(), Pattern.compile("data-plane-kafka-request-handler-.*"));
    }

    /** A partition's first segment as it is on the disk now; its content is not a TestFile's. */
    TestFile segment(TopicPartition partition) throws IOException {
        Path path = folder(partition).resolve(FIRST_SEGMENT);
        return new TestFile(path, 0, Files.size(path));
    }

    /** The one that records are appended to now; the same otherwise. */
    TestFile lastSegment(TopicPartition partition) throws IOException {
        try (Stream<Path> files = Files.list(folder(partition))) {
            // Their names are the offsets of their first records, all of the same length.
            Path last = files.filter(file -> file.toString().endsWith(".log")).max(Comparator.naturalOrder()).orElseThrow();
            return new TestFile(last, 0, Files.size(last));
        }
    }

    private Path folder(TopicPartition partition) {
        return directory.resolve("log").resolve(partition.toString());
    }

    /** Whether the broker itself prints such a line on stderr, with or without the agent. */
    static boolean printsOnStderr(String line) {
        return OWN_LINE.matcher(line).matches();
    }

    @Override
    public void close() {
        process.close();
    }
}
