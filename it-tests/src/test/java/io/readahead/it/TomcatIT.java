package io.readahead.it;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tomcat's DefaultServlet, whose files the poller sends by sendfile. */
@ParameterizedClass(name = "{1} on {0}")
@MethodSource("servers")
class TomcatIT extends FileServerContract {

    static Stream<Arguments> servers() {
        return usualAndRarer(List.of(TomcatServer.TOMCAT_11), List.of(TomcatServer.TOMCAT_10_1));
    }
}
