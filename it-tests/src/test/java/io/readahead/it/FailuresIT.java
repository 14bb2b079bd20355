package io.readahead.it;

import io.readahead.kit.Await;
import io.readahead.kit.Jdk;
import io.readahead.kit.Requirement;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * What breaks inside the agent is seen in the counters, in the status, through JMX and in the log, and the original calls run.
 *
 * <p>It is broken from outside: a server whose classes look like Netty's, but whose file region throws as soon as the agent asks for
 * its file.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("io.readahead.it.Jdks#chosen")
class FailuresIT {

    private static final int CALLS = 50;
    /** The agent asks for the file before each call; after one that it knew nothing of it has nothing to take note of. */
    private static final int FAILURES = CALLS;
    private static final String WORDS = "no file of yours today";
    private static final Pattern FAILURE = Pattern.compile(".* ERROR readahead: a call passed through because the agent failed: .*"
            + WORDS + "(?: \\((\\d+) times.*\\))?");

    private static final List<String> SERVER = List.of("""
            package io.netty.channel;
            public interface EventLoop extends java.util.concurrent.Executor {
            }
            """, """
            package io.netty.channel;
            public interface Channel {
                interface Unsafe {
                }
            }
            """, """
            package io.netty.channel;
            public class DefaultFileRegion {
                private java.nio.channels.FileChannel file;
                public void open() throws java.io.IOException {
                    throw new IllegalStateException("%s");
                }
            }
            """.formatted(WORDS), """
            package io.netty.channel.epoll;
            abstract class AbstractEpollChannel {
                public io.netty.channel.EventLoop eventLoop() {
                    return Runnable::run;
                }
                public io.netty.channel.Channel.Unsafe unsafe() {
                    return new AbstractEpollUnsafe();
                }
                boolean isFlagSet(int flag) {
                    return true;
                }
                void clearFlag(int flag) {
                }
                public boolean isOpen() {
                    return true;
                }
                class AbstractEpollUnsafe implements io.netty.channel.Channel.Unsafe {
                    void epollOutReady() {
                    }
                }
            }
            """, """
            package io.netty.channel.epoll;
            class LinuxSocket {
                long sendFile(io.netty.channel.DefaultFileRegion region, long base, long offset, long length) {
                    return base + offset + length;
                }
            }
            """, """
            package io.netty.channel.epoll;
            public class AbstractEpollStreamChannel extends AbstractEpollChannel {
                long write() {
                    return new LinuxSocket().sendFile(new io.netty.channel.DefaultFileRegion(), 10L, 12L, 20L);
                }
                public static void main(String[] arguments) throws InterruptedException {
                    AbstractEpollStreamChannel channel = new AbstractEpollStreamChannel();
                    for (int call = 0; call < %d; call++) {
                        if (channel.write() != 42) {
                            throw new AssertionError("the original call did not run as it was");
                        }
                    }
                    System.out.println("listening on http://127.0.0.1:1/");
                    Thread.sleep(Long.MAX_VALUE);
                }
            }
            """.formatted(CALLS));

    @TempDir(factory = OnDisk.class)
    private static Path root;

    @Parameter
    private Jdk jdk;

    @BeforeAll
    static void needsLinux() {
        Requirement.linux().orSkip();
    }

    @Test
    void eachFailureIsCountedAndTheLogSaysItWithoutRepeatingItself() throws Exception {
        Path classes = Sources.compile(root.resolve("fake-netty"), SERVER);
        Path log = Files.createTempFile(root, "agent", ".log");
        try (ServerProcess server = ServerProcess.on(jdk).agent(Artifacts.agentJar(), "log=" + log)
                .main(classes.toString(), "io.netty.channel.epoll.AbstractEpollStreamChannel").start();
                JmxConsole console = JmxConsole.of(server)) {
            Await.until("the log says it", () -> failuresIn(log) > 0, () -> Files.readString(log));
            Map<String, String> status = AgentCommand.status(jdk, server.pid());
            assertAll(status.toString(),
                    () -> assertEquals(Integer.toString(FAILURES), status.get("failures"), "in the status"),
                    () -> assertTrue(status.get("lastFailure").contains(WORDS), "and which it was"));
            Await.until("the bean is there", console::hasBean);
            assertEquals(FAILURES, console.number("Failures"), "through JMX");
            AgentCommand.run(jdk, "detach", server.pid());
            List<String> lines = Files.readAllLines(log);
            assertEquals(FAILURES, failuresIn(log), () -> "what was held back is said at the end: " + lines);
            assertTrue(lines.size() <= 4, () -> "the start, the first failures, the others, the end: " + lines);
            assertTrue(lines.get(0).matches("\\d{4}-\\d\\d-\\d\\dT.*Z INFO  readahead: .* ACTIVE .*"), lines.get(0));
            assertEquals(List.of(), server.agentStderr(), "nothing of the agent on stderr");
        }
    }

    /** How many failures the lines stand for. */
    private static long failuresIn(Path log) throws IOException {
        return Files.readAllLines(log).stream().map(FAILURE::matcher).filter(Matcher::matches)
                .mapToLong(line -> line.group(1) == null ? 1 : Long.parseLong(line.group(1))).sum();
    }

    @Test
    void debugHasTheStackAndTheWovenClasses() throws Exception {
        Path classes = Sources.compile(root.resolve("fake-netty"), SERVER);
        try (ServerProcess server = ServerProcess.on(jdk).agent(Artifacts.agentJar(), "log.level=debug")
                .main(classes.toString(), "io.netty.channel.epoll.AbstractEpollStreamChannel").start()) {
            Await.until("the failure is said, with its stack", () -> server.stderr().stream()
                    .anyMatch(line -> line.contains("at io.netty.channel.DefaultFileRegion.open")), server::stderr);
            assertTrue(server.stderr().contains("readahead: io.netty.channel.epoll.AbstractEpollStreamChannel woven"), server::toString);
        }
    }

    @Test
    void aHighLevelSaysNothingOfAGoodStartAndABadFileGivesWayToStderr() throws Exception {
        TestFile file = TestFile.write(root.resolve("file.bin"), 1);
        try (ServerProcess server = JettyExample.withAgent(jdk, root, "log.level=warn").start()) {
            Downloads.atATime(JettyExample.EVENT_LOOP, server, List.of(file));
            assertEquals("ACTIVE", AgentCommand.status(jdk, server.pid()).get("state"));
            assertEquals(List.of(), server.agentStderr(), server::toString);
        }
        try (ServerProcess server = JettyExample.withAgent(jdk, root, "log=/proc/nowhere/agent.log").start()) {
            assertEquals(1, server.agentStderr().size(), server::toString);
            assertTrue(server.agentStderr().get(0).contains("(log=/proc/nowhere/agent.log can't be written to: "), server::toString);
        }
    }
}
