package io.readahead.server.tomcat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.readahead.adapter.Reflection;
import io.readahead.server.tomcat.fake.org.apache.tomcat.util.net.NioChannel;
import io.readahead.server.tomcat.fake.org.apache.tomcat.util.net.SecureNioChannel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TomcatTlsTest {

    private final List<String> reports = new ArrayList<>();
    private final TomcatTls tomcat = new TomcatTls(new Reflection(null), reports::add);

    @Test
    void theSocketOfTheConnectionThatATlsChannelIsUsedForIsBehindIt() throws IOException {
        SecureNioChannel channel = new SecureNioChannel();
        try (SocketChannel first = SocketChannel.open(); SocketChannel second = SocketChannel.open()) {
            channel.reset(first);
            assertSame(first, tomcat.channelBehind(channel));
            channel.reset(second);
            assertSame(second, tomcat.channelBehind(channel));
        }
        assertEquals(List.of(), reports);
    }

    @Test
    void behindAnyOtherThereIsNoneAndNoReport() throws IOException {
        try (SocketChannel socket = SocketChannel.open()) {
            NioChannel plain = new NioChannel();
            plain.reset(socket);
            assertNull(tomcat.channelBehind(plain), "Tomcat sends to its socket itself");
        }
        assertNull(tomcat.channelBehind(Channels.newChannel(new ByteArrayOutputStream())));
        assertEquals(List.of(), reports);
    }

    @Test
    void oneOfAnotherShapeIsReportedOnce() {
        var other = new io.readahead.server.tomcat.fake.other.org.apache.tomcat.util.net.SecureNioChannel();
        assertNull(tomcat.channelBehind(other));
        assertNull(tomcat.channelBehind(other));
        assertEquals(1, reports.size());
        assertTrue(reports.get(0).contains("another shape"), reports.get(0));
    }
}
