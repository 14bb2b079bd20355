package io.readahead.it;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Undertow's ResourceHandler, whose files the workers send by sendfile when the I/O thread says that a socket is writable. */
@ParameterizedClass(name = "{1} on {0}")
@MethodSource("servers")
class UndertowIT extends FileServerContract {

    static Stream<Arguments> servers() {
        return usualAndRarer(List.of(UndertowServer.NON_BLOCKING), List.of(UndertowServer.HIDDEN));
    }
}
