package io.readahead.it;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A server written with java.nio by hand; under -Pmatrix also one that maps its files. */
@ParameterizedClass(name = "{1} on {0}")
@MethodSource("servers")
class NioServerIT extends FileServerContract {

    private static Stream<Arguments> servers() {
        return usualAndRarer(List.of(NioServer.TWO_SELECTORS), List.of(NioServer.MAPPED));
    }
}
