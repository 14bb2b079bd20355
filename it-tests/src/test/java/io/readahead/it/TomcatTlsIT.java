package io.readahead.it;

import io.readahead.kit.Jdk;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tomcat: files that the poller sends to a channel of Tomcat's own, which encrypts them. */
@ParameterizedClass(name = "{1} on {0}")
@MethodSource("servers")
class TomcatTlsIT extends TlsContract {

    /** JEP 454, by which Tomcat calls libssl. */
    private static final int FOREIGN_CALLS_FEATURE = 22;

    static Stream<Arguments> servers() {
        Stream<Arguments> servers = usualAndRarer(List.of(TomcatServer.TOMCAT_11.secured()), List.of(TomcatServer.TOMCAT_10_1.secured()));
        if (!Jdks.matrix()) {
            return servers;
        }
        List<Jdk> foreign = Jdks.every().stream().filter(jdk -> jdk.feature() >= FOREIGN_CALLS_FEATURE).toList();
        return Stream.concat(servers, each(foreign, List.of(TomcatServer.TOMCAT_11.securedByOpenSsl())));
    }
}
