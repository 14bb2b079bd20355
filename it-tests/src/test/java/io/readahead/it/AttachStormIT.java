package io.readahead.it;

import com.sun.tools.attach.VirtualMachine;
import io.readahead.kit.Await;
import io.readahead.kit.Jdk;
import io.readahead.kit.ProcessCounts;
import io.readahead.kit.RawHttp;
import io.readahead.kit.Requirement;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Attached and taken off over and over while clients download cold files: no connection and no byte is lost.
 *
 * <p>Many more rounds, beside everything else that can happen, are {@code ChaosSoakIT}'s.
 */
@ParameterizedClass(name = "{1} on {0}")
@MethodSource("servers")
class AttachStormIT {

    private static final int ROUNDS = 20;
    private static final int CLIENTS = 6;
    private static final long FILE_BYTES = 4 << 20;
    private static final int FEWEST_DOWNLOADS = 20;

    @TempDir(factory = OnDisk.class)
    private static Path root;

    private static List<TestFile> files;

    @Parameter(0)
    private Jdk jdk;

    @Parameter(1)
    private FileServer kind;

    static Stream<Arguments> servers() {
        return FileServerContract.usualAndRarer(List.of(JettyExample.EVENT_LOOP, new NettyServer("4.2", "nio", "/files/"),
                new NettyServer("4.2", "epoll", "/files/")), List.of(TomcatServer.TOMCAT_11.secured(),
                UndertowServer.NON_BLOCKING.workers(2).speaking(UndertowServer.Protocol.TLS), NettyServer.secured("4.2", "nio"),
                StockJetty.MAPPED, StockJetty.COPIED, StockJetty.MAPPED.secured()));
    }

    @BeforeAll
    static void writeFiles() throws IOException {
        Requirement.linux().orSkip();
        files = TestFile.writeSeveral(root, "file", CLIENTS, FILE_BYTES);
    }

    @Test
    void noConnectionAndNoByteIsLost() throws Exception {
        try (ServerProcess server = kind.builder(jdk, root).start()) {
            AtomicBoolean enough = new AtomicBoolean();
            AtomicLong downloads = new AtomicLong();
            long parks = 0;
            ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
            try {
                List<Future<?>> running = new ArrayList<>();
                for (TestFile file : files) {
                    running.add(clients.submit(() -> download(server, file, enough, downloads)));
                }
                for (int round = 0; round < ROUNDS; round++) {
                    parks += cycle(server);
                }
                enough.set(true);
                for (Future<?> client : running) {
                    client.get();
                }
            } finally {
                enough.set(true);
                clients.shutdownNow();
            }
            assertTrue(downloads.get() >= FEWEST_DOWNLOADS, downloads + " downloads");
            assertTrue(parks > 0, "nothing parked, so nothing is proved");
            // The others are the server's, which has as many as its clients ask for.
            Await.until("no thread of the agent, nor of JNA, is left", () -> ProcessCounts.threads(server.pid()).keySet().stream()
                    .noneMatch(name -> name.startsWith("readahead") || name.startsWith("JNA")),
                    () -> ProcessCounts.threads(server.pid()));
            System.out.println("AttachStormIT " + kind + " on " + jdk + ": " + ROUNDS + " rounds, " + downloads
                    + " downloads, " + parks + " parks");
        }
    }

    private Void download(ServerProcess server, TestFile file, AtomicBoolean enough, AtomicLong downloads) throws IOException {
        for (int number = 0; !enough.get(); number++) {
            try (RawHttp client = RawHttp.connect(server)) {
                TestFile cold = kind.keepsFilesMapped() ? another(file, number) : file;
                Downloads.assertWhole(cold.evict(), client.get(kind.pathOf(cold)), server);
                downloads.incrementAndGet();
            }
        }
        return null;
    }

    /** What is mapped can't be evicted before a garbage collection has taken the mapping away: another file each time, and that deleted. */
    private static TestFile another(TestFile file, int number) throws IOException {
        Files.deleteIfExists(root.resolve(file.path().getFileName() + "-" + (number - 1)));
        return TestFile.write(root.resolve(file.path().getFileName() + "-" + number), FILE_BYTES);
    }

    /** Attaches, lets it work for a moment, and takes it off. @return what was parked meanwhile */
    private static long cycle(ServerProcess server) throws Exception {
        VirtualMachine machine = VirtualMachine.attach(Long.toString(server.pid()));
        try {
            machine.loadAgent(Artifacts.agentJar().toString(), "");
            assertTrue(answer(machine).contains(" ACTIVE "), () -> "attach; " + server);
            Thread.sleep(20);
            machine.loadAgent(Artifacts.agentJar().toString(), "detach");
            String answer = answer(machine);
            assertTrue(answer.contains("DETACHED"), () -> answer + "; " + server);
            assertEquals(0, AgentCommand.figure(answer, "failures"), answer);
            assertEquals(0, AgentCommand.figure(answer, "mendedWakeups"), answer);
            assertEquals(0, AgentCommand.figure(answer, "parkedNow"), answer);
            assertEquals(0, AgentCommand.figure(answer, "openDescriptors"), answer);
            return AgentCommand.figure(answer, "parks");
        } finally {
            machine.detach();
        }
    }

    private static String answer(VirtualMachine machine) throws IOException {
        return machine.getAgentProperties().getProperty("readahead.answer", "");
    }
}
