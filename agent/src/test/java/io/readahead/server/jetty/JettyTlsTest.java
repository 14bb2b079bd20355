package io.readahead.server.jetty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.readahead.adapter.Reflection;
import io.readahead.server.jetty.fake.org.eclipse.jetty.io.ssl.SslConnection;
import io.readahead.weave.Weaving;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** How an end point of TLS is told to go on, and when it is left to Jetty. */
class JettyTlsTest {

    private final List<String> reported = new ArrayList<>();
    private final JettyTls adapter = new JettyTls(new Reflection(null), reported::add);
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final SslConnection connection = new SslConnection(tasks::add);
    private final SslConnection.SslEndPoint endPoint = connection.new SslEndPoint();

    @Test
    void itGoesOnByTheExecutorOfItsConnection() {
        assertSame(endPoint, adapter.channelOf(endPoint));
        assertTrue(adapter.retry().isOpen(endPoint));
        adapter.retry().park(endPoint, () -> true);
        assertEquals(0, tasks.size());
        adapter.retry().reenter(endPoint);
        assertEquals(0, endPoint.flusher().rounds(), "no thread of the agent runs the server's code");
        tasks.remove().run();
        assertEquals(1, endPoint.flusher().rounds());
        assertEquals(List.of(), reported);
    }

    @Test
    void whatHasRecordsOnTheirWayIsCalledBackByJetty() {
        assertFalse(adapter.isFlushing(endPoint));
        connection.writes(true, null);
        assertTrue(adapter.isFlushing(endPoint));
        connection.writes(false, () -> true);
        assertTrue(adapter.isFlushing(endPoint));
        connection.writes(false, () -> false);
        assertFalse(adapter.isFlushing(endPoint));
        assertFalse(connection.isLocked());
    }

    @Test
    void anExecutorThatTakesNothingIsToldOf() {
        SslConnection.SslEndPoint full = new SslConnection(task -> {
            throw new RejectedExecutionException("full");
        }).new SslEndPoint();
        assertThrows(RejectedExecutionException.class, () -> adapter.retry().reenter(full), "so that it is tried again");
    }

    @Test
    void anotherShapeIsReportedOnceAndPasses() {
        assertNull(adapter.channelOf("another"));
        assertNull(adapter.channelOf("another"));
        assertEquals(1, reported.size());
    }

    @Test
    void theEndPointHasThePlacesThatAreWoven() throws Exception {
        Weaving weaving = JettyTls.WEAVINGS.get(0);
        try (InputStream in = SslConnection.class.getResourceAsStream("SslConnection$SslEndPoint.class")) {
            byte[] classFile = in.readAllBytes();
            assertTrue(weaving.concerns(SslConnection.SslEndPoint.class.getName().replace('.', '/'), classFile));
            assertTrue(weaving.woven(classFile, 3).length > classFile.length);
        }
    }
}
