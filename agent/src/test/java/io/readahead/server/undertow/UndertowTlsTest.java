package io.readahead.server.undertow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.readahead.adapter.Reflection;
import io.readahead.server.undertow.fake.io.undertow.protocols.ssl.SslConduit;
import io.readahead.server.undertow.fake.org.xnio.conduits.ConduitWritableByteChannel;
import io.readahead.server.undertow.fake.org.xnio.conduits.StreamSinkConduit;
import io.readahead.server.undertow.fake.org.xnio.nio.NioSocketConduit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UndertowTlsTest {

    private final List<String> reports = new ArrayList<>();
    private final UndertowTls undertow = new UndertowTls(new Reflection(null), reports::add);

    @Test
    void theSocketBelowTheTlsConduitIsBehindTheChannelOfIt() throws IOException {
        try (SocketChannel socket = SocketChannel.open()) {
            assertSame(socket, undertow.channelBehind(new ConduitWritableByteChannel(new SslConduit(new NioSocketConduit(socket)))));
        }
        assertEquals(List.of(), reports);
    }

    @Test
    void theIoThreadDoesOnceMoreWhatTheConduitHoldsWhenACallerWasToldLater() {
        SslConduit conduit = new SslConduit(new StreamSinkConduit() { });
        undertow.saidLater(new ConduitWritableByteChannel(conduit));
        conduit.resumeWrites();
        conduit.loseInterest();
        conduit.getWriteThread().runAll();
        assertTrue(conduit.isListenedTo());
    }

    @Test
    void whoHasNotAskedIsNotListenedTo() {
        SslConduit conduit = new SslConduit(new StreamSinkConduit() { });
        undertow.saidLater(new ConduitWritableByteChannel(conduit));
        conduit.getWriteThread().runAll();
        assertFalse(conduit.isListenedTo());
        undertow.saidLater(new ConduitWritableByteChannel(new StreamSinkConduit() { }));
        assertEquals(List.of(), reports);
    }

    @Test
    void behindAnyOtherConduitOrChannelThereIsNoneAndNoReport() {
        StreamSinkConduit chunked = new StreamSinkConduit() { };
        assertNull(undertow.channelBehind(new ConduitWritableByteChannel(chunked)));
        assertNull(undertow.channelBehind(new ConduitWritableByteChannel(new SslConduit(chunked))), "what is below TLS is not known");
        assertNull(undertow.channelBehind(Channels.newChannel(new ByteArrayOutputStream())));
        assertEquals(List.of(), reports);
    }

    @Test
    void oneOfAnotherShapeIsReportedOnce() {
        var other = new io.readahead.server.undertow.fake.other.org.xnio.conduits.ConduitWritableByteChannel();
        assertNull(undertow.channelBehind(other));
        assertNull(undertow.channelBehind(other));
        assertEquals(1, reports.size());
        assertTrue(reports.get(0).contains("another shape"), reports.get(0));
    }
}
