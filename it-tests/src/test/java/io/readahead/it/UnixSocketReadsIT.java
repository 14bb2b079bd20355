package io.readahead.it;

import io.readahead.it.app.UnixSocketServer;
import io.readahead.kit.AgentStats;
import io.readahead.kit.DiskSleepSampler;
import io.readahead.kit.Jdk;
import io.readahead.kit.Requirement;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import io.readahead.kit.ThreadDiskAccount;
import java.io.File;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Downloads as fast as they go, at a time, from one loop: of pages that came a moment ago, and of the kernel's marks among them, the loop
 * comes to none before a readahead thread.
 *
 * <p>A UNIX socket takes the most in the least time, and its reader has pages in his hands while the next ones come. With -Pmatrix.
 */
@ParameterizedClass(name = "{0}", allowZeroInvocations = true)
@MethodSource("jdks")
class UnixSocketReadsIT {

    private static final int AT_A_TIME = 8;
    private static final long FILE_BYTES = 24 << 20;
    private static final int ROUNDS = 5;
    private static final int BUFFER_BYTES = 64 << 10;
    private static final String LISTENING = "listening on a socket";
    /** JEP 472 and JEP 498 warn of what Netty itself does. */
    private static final int JDK_THAT_WARNS = 24;

    @TempDir(factory = OnDisk.class)
    private static Path root;

    private static List<TestFile> files;
    private static ExecutorService clients;

    @Parameter
    private Jdk jdk;

    static List<Jdk> jdks() {
        return Jdks.matrix() ? Jdks.every() : List.of();
    }

    @BeforeAll
    static void writeFiles() throws IOException {
        Requirement.linux().orSkip();
        files = TestFile.writeSeveral(root, "fast", AT_A_TIME, FILE_BYTES);
        clients = Executors.newFixedThreadPool(AT_A_TIME);
    }

    @AfterAll
    static void endClients() {
        if (clients != null) {
            clients.shutdownNow();
        }
    }

    @Test
    void theLoopReadsNothingHoweverFastItSends() throws Exception {
        Path socket = root.resolve("socket-" + jdk.feature());
        try (ServerProcess server = server(socket).agent(Artifacts.agentJar(), "").property("readahead.debug.stats", true).start()) {
            for (int round = 0; round < ROUNDS; round++) {
                boolean last = round == ROUNDS - 1;
                LoopReads measured = LoopReads.undisturbed(() -> round(server, socket, last));
                assertEquals(0, measured.loop().readBytes(), () -> "bytes that the loop read from the disk: " + measured);
            }
            AgentStats stats = AgentHealth.afterStopOf(server);
            assertTrue(stats.parks() > 0, () -> "nothing parked, so nothing was cold and nothing is proved: " + stats);
        }
    }

    @Test
    void controlWithoutTheAgentTheLoopReadsAll() throws Exception {
        Path socket = root.resolve("socket-without-" + jdk.feature());
        try (ServerProcess server = server(socket).start()) {
            assertEquals(AT_A_TIME * FILE_BYTES, round(server, socket, false).loop().readBytes());
        }
    }

    private ServerProcess.Builder server(Path socket) {
        ServerProcess.Builder builder = ServerProcess.on(jdk).jvm("-Xmx256m");
        if (jdk.feature() >= JDK_THAT_WARNS) {
            builder.jvm("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");
        }
        return builder.main(Artifacts.ofExample("netty", "lib-4.2") + "/*" + File.pathSeparator + Artifacts.testClasses(),
                UnixSocketServer.class.getName()).arguments(root, socket).isReadyWhenStdoutSays(Pattern.compile(LISTENING));
    }

    private static LoopReads round(ServerProcess server, Path socket, boolean digested) throws Exception {
        for (TestFile file : files) {
            file.evict();
        }
        Undisturbed undisturbed = Undisturbed.since(server.pid());
        try (DiskSleepSampler sampler = DiskSleepSampler.start(server.pid(), UnixSocketServer.LOOP)) {
            List<Callable<String>> downloads = files.stream()
                    .map(file -> (Callable<String>) () -> download(socket, file, digested)).toList();
            List<Future<String>> answers = clients.invokeAll(downloads);
            ThreadDiskAccount loop = sampler.stop();
            for (int number = 0; number < AT_A_TIME; number++) {
                assertEquals(digested ? files.get(number).sha256() : Long.toString(FILE_BYTES), answers.get(number).get());
            }
            return new LoopReads(loop, undisturbed.readTwice(AT_A_TIME * FILE_BYTES), null);
        }
    }

    /** Its digest, which takes the machine longer than all else; or how many bytes came. */
    private static String download(Path socket, TestFile file, boolean digested) throws IOException {
        long bytes = 0;
        MessageDigest digest = TestFile.newSha256();
        try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            client.write(ByteBuffer.wrap(file.path().getFileName().toString().getBytes(StandardCharsets.US_ASCII)));
            ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
            while (client.read(buffer) >= 0) {
                bytes += buffer.position();
                if (digested) {
                    digest.update(buffer.flip());
                }
                buffer.clear();
            }
        }
        return digested ? HexFormat.of().formatHex(digest.digest()) : Long.toString(bytes);
    }
}
