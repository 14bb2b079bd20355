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

    static Stream<Arguments> servers() {
        return usualAndRarer(ofVersion("4.2"), ofVersion("4.1"));
    }

    private static List<NettyServer> ofVersion(String version) {
        List<NettyServer> servers = new ArrayList<>();
        for (String transport : List.of("nio", "epoll")) {
            for (String prefix : List.of("/files/", "/framed/")) {
                servers.add(new NettyServer(version, transport, prefix));
            }
        }
        return servers;
    }
}
