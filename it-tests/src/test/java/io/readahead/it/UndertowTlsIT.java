package io.readahead.it;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Undertow: files that the workers send to a channel of Undertow's own, which encrypts them. */
@ParameterizedClass(name = "{1} on {0}")
@MethodSource("servers")
class UndertowTlsIT extends TlsContract {

    /** Two workers: hot requests find one while a dozen downloads are cold. */
    private static final UndertowServer SECURED = UndertowServer.NON_BLOCKING.workers(2).speaking(UndertowServer.Protocol.TLS);

    static Stream<Arguments> servers() {
        return usualAndRarer(List.of(SECURED),
                List.of(SECURED.ofVersion("2.3"), SECURED.ofVersion("2.2")));
    }
}
