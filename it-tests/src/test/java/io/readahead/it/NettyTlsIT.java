package io.readahead.it;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Netty, and frameworks on it: files that a {@code ChunkedWriteHandler} reads on the event loop, for the TLS handler to encrypt. */
@ParameterizedClass(name = "{1} on {0}")
@MethodSource("servers")
class NettyTlsIT extends TlsContract {

    static Stream<Arguments> servers() {
        Stream<Arguments> servers = usualAndRarer(List.of(NettyServer.secured("4.2", "epoll")),
                List.of(NettyServer.secured("4.2", "nio"), NettyServer.secured("4.1", "nio"), NettyServer.secured("4.1", "epoll"),
                        Framework.VERTX_5, Framework.VERTX_4, Framework.REACTOR));
        return Jdks.matrix() ? Stream.concat(servers, each(Jdks.chosen(),
                List.of(NettyServer.secured("4.2", "epoll").byOpenSsl(), NettyServer.secured("4.2", "io_uring")))) : servers;
    }
}
