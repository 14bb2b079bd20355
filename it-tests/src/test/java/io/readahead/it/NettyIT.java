package io.readahead.it;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Netty: NIO, and native epoll, which has no FileChannel call; files alone, and behind a header in a region of the server's own. */
@ParameterizedClass(name = "{1} on {0}")
@MethodSource("servers")
class NettyIT extends FileServerContract {

    private static final List<String> VERSIONS = Jdks.matrix() ? List.of("4.1", "4.2") : List.of("4.2");

    static Stream<Arguments> servers() {
        List<NettyServer> servers = new ArrayList<>();
        for (String version : VERSIONS) {
            for (String transport : List.of("nio", "epoll")) {
                for (String prefix : List.of("/files/", "/framed/")) {
                    servers.add(new NettyServer(version, transport, prefix));
                }
            }
        }
        return each(Jdks.chosen(), servers);
    }
}
