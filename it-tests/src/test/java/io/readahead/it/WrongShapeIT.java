package io.readahead.it;

import io.readahead.kit.Jdk;
import io.readahead.kit.Requirement;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A class with the name of one that the agent knows, as a later version of the server may have it: it runs as it is. */
@ParameterizedClass(name = "{0}")
@MethodSource("io.readahead.it.Jdks#chosen")
class WrongShapeIT {

    private static final String KAFKA_TLS = "org.apache.kafka.common.network.SslTransportLayer";
    private static final String NETTY_EPOLL = "io.netty.channel.epoll.AbstractEpollStreamChannel";

    private static final String LINUX_SOCKET = """
            package io.netty.channel.epoll;
            class LinuxSocket {
                long sendFile(io.netty.channel.DefaultFileRegion region, long base, long offset, long length) {
                    return base + offset + length;
                }
            }
            """;
    private static final String FILE_REGION = """
            package io.netty.channel;
            public class DefaultFileRegion {
                private java.nio.channels.FileChannel file;
                public void open() throws java.io.IOException {
                }
            }
            """;

    private static final long FILE_BYTES = 64 << 10;

    @TempDir(factory = OnDisk.class)
    private static Path root;

    private static TestFile file;

    @Parameter
    private Jdk jdk;

    /** Each prints the sum of position, or base and offset, and count that it was called with: 42. */
    private enum Shape {

        KAFKA_TLS_WITHOUT_THE_METHOD(kafkaTls("""
                long transferFrom(FileChannel file, long position, int count) {
                    return position + count;
                }
                """)),
        KAFKA_TLS_THAT_CHANGES_THE_POSITION(kafkaTls("""
                long transferFrom(FileChannel file, long position, long count) {
                    position += count;
                    return position;
                }
                """)),
        KAFKA_TLS_WITH_A_STATIC_METHOD(kafkaTls("""
                static long transferFrom(FileChannel file, long position, long count) {
                    return position + count;
                }
                """)),
        KAFKA_TLS_WITHOUT_THE_FIELD(kafkaTls("""
                long transferFrom(FileChannel file, long position, long count) {
                    return position + count;
                }
                """)),
        NETTY_EPOLL_WITHOUT_THE_CALL(nettyEpoll("""
                long write() {
                    return 42;
                }
                """)),
        NETTY_EPOLL_WITH_THE_CALL_IN_A_STATIC_METHOD(nettyEpoll("""
                long write() {
                    return write(10L, new LinuxSocket(), new io.netty.channel.DefaultFileRegion());
                }
                private static long write(long base, LinuxSocket socket, io.netty.channel.DefaultFileRegion region) {
                    return socket.sendFile(region, base, 12L, 20L);
                }
                """)),
        NETTY_EPOLL_WITHOUT_ITS_ANCESTOR(nettyEpoll("""
                long write() {
                    return new LinuxSocket().sendFile(new io.netty.channel.DefaultFileRegion(), 10L, 12L, 20L);
                }
                """));

        private final String className;
        private final List<String> sources;

        Shape(List<String> sources) {
            this.sources = sources;
            className = sources.get(0).contains("class SslTransportLayer") ? KAFKA_TLS : NETTY_EPOLL;
        }

        private static List<String> kafkaTls(String method) {
            return List.of("""
                    package org.apache.kafka.common.network;
                    import java.nio.channels.FileChannel;
                    import java.nio.file.Path;
                    public class SslTransportLayer {
                        public static void main(String[] arguments) throws java.io.IOException {
                            try (FileChannel file = FileChannel.open(Path.of(arguments[0]))) {
                                System.out.println(new SslTransportLayer().transferFrom(file, 12, 30));
                            }
                        }
                    """ + method + "}\n");
        }

        private static List<String> nettyEpoll(String method) {
            return List.of("""
                    package io.netty.channel.epoll;
                    public class AbstractEpollStreamChannel {
                        public static void main(String[] arguments) {
                            System.out.println(new AbstractEpollStreamChannel().write());
                        }
                    """ + method + "}\n", LINUX_SOCKET, FILE_REGION);
        }
    }

    @BeforeAll
    static void writeFile() throws IOException {
        Requirement.linux().orSkip();
        file = TestFile.write(root.resolve("file.bin"), FILE_BYTES);
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource
    void itRunsAsItIsAndOneLineNamesIt(Shape shape) throws Exception {
        ServerProcess program = ServerProcess.on(jdk).agent(Artifacts.agentJar(), "").property("readahead.debug.stats", true)
                .main(Sources.compile(root.resolve(shape.name()), shape.sources).toString(), shape.className).arguments(file.path()).run();
        List<String> agent = program.agentStderr();
        assertAll(program.toString(),
                () -> assertEquals(0, program.exitCode(), "exit code"),
                () -> assertEquals(List.of("42"), program.stdout(), "what the class says"),
                () -> assertEquals(List.of(), program.foreignStderr(), "lines on stderr that aren't the agent's"),
                () -> assertEquals(2, agent.size(), "lines of the agent: the one of the start, and one more"),
                () -> assertTrue(agent.get(agent.size() - 1).contains(shape.className), "which names the class"),
                () -> assertEquals(0, program.stats().failures(), "failures"));
    }
}
