package io.readahead.it;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Jetty's own ResourceHandler, whose large files are mapped or read, and written to the socket, by the threads that select. */
@ParameterizedClass(name = "{1} on {0}")
@MethodSource("servers")
class StockJettyIT extends FileServerContract {

    private static Stream<Arguments> servers() {
        return each(Jdks.chosen(), List.of(StockJetty.MAPPED, StockJetty.COPIED));
    }
}
