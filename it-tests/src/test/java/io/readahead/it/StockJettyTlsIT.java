package io.readahead.it;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The same over TLS: what is mapped is read inside SSLEngine.wrap. Under -Pmatrix alone. */
@ParameterizedClass(name = "{1} on {0}", allowZeroInvocations = true)
@MethodSource("servers")
class StockJettyTlsIT extends TlsContract {

    private static Stream<Arguments> servers() {
        return Jdks.matrix() ? each(Jdks.chosen(), List.of(StockJetty.MAPPED.secured())) : Stream.of();
    }
}
