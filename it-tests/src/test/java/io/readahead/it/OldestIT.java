package io.readahead.it;

import io.readahead.kit.Jdk;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The first release of ranges of VERSIONS.md, on the JDK that runs Maven.
 *
 * <p>Without Tomcat's, for Tomcat 8.5 has two pollers, so that the control's hot requests do get through.
 */
@ParameterizedClass(name = "{1} on {0}")
@MethodSource("servers")
class OldestIT extends FileServerContract {

    static Stream<Arguments> servers() {
        return each(List.of(Jdk.current()), List.of(
                new NettyServer("4.1.0.Final", "nio", "/files/"),
                new NettyServer("4.1.18.Final", "epoll", "/files/"),
                NettyServer.secured("4.1.34.Final", "nio"),
                UndertowServer.NON_BLOCKING.ofVersion("2.0.0.Final"),
                UndertowServer.NON_BLOCKING.ofVersion("2.0.0.Final").speaking(UndertowServer.Protocol.TLS),
                new OldJetty("12.0.8")));
    }
}
