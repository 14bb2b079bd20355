package io.readahead.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GateTest {

    private final List<SelectionKey> queued = new ArrayList<>();
    private Selector selector;
    private Pipe pipe;
    private SelectionKey key;
    private Gate gate;
    private boolean broken;

    @BeforeEach
    void open() throws IOException {
        selector = Selector.open();
        pipe = Pipe.open();
        pipe.sink().configureBlocking(false);
        key = pipe.sink().register(selector, SelectionKey.OP_WRITE);
        gate = new Gate(new KeyQueue() {
            @Override
            public SelectionKey[] keysOf(SelectableChannel channel) {
                return new SelectionKey[] {null, channel.keyFor(selector)};
            }

            @Override
            public void queue(SelectionKey toQueue) {
                if (broken) {
                    throw new OutOfMemoryError("on purpose");
                }
                queued.add(toQueue);
            }
        });
    }

    @AfterEach
    void close() throws IOException {
        selector.close();
        pipe.sink().close();
        pipe.source().close();
    }

    @Test
    void aParkedChannelIsNotRegisteredForWritingAndAllElseIs() {
        assertEquals(Gate.POLLOUT | 1, gate.events(key, Gate.POLLOUT | 1));
        gate.park(key.channel());
        assertEquals(1, gate.events(key, Gate.POLLOUT | 1));
        assertEquals(1, gate.events(key, 1));
        assertEquals(1, gate.parkedNow());
    }

    @Test
    void aKeyThatAlreadyWantedToWriteIsQueuedAtThePark() {
        gate.park(key.channel());
        assertEquals(List.of(key), queued);
    }

    @Test
    void resumingQueuesWhatWasWithheldAndGivesInterestBack() {
        key.interestOps(0);
        gate.park(key.channel());
        assertEquals(List.of(), queued);
        gate.events(key, Gate.POLLOUT);
        assertTrue(gate.resume(key.channel()));
        assertEquals(List.of(key), queued);
        assertEquals(Gate.POLLOUT, gate.events(key, Gate.POLLOUT));
        assertFalse(gate.resume(key.channel()));
    }

    @Test
    void aCanceledKeyNeedsNothing() {
        gate.park(key.channel());
        gate.events(key, Gate.POLLOUT);
        key.cancel();
        assertTrue(gate.resume(key.channel()));
        assertEquals(0, gate.parkedNow());
    }

    @Test
    void aResumeThatBreaksLeavesTheChannelParkedForTheNextTry() {
        gate.park(key.channel());
        gate.events(key, Gate.POLLOUT);
        queued.clear();
        broken = true;
        assertThrows(OutOfMemoryError.class, () -> gate.resume(key.channel()));
        assertTrue(gate.isParked(key.channel()));
        broken = false;
        assertTrue(gate.resume(key.channel()));
        assertEquals(List.of(key), queued);
    }

    @Test
    void aChannelThatMovedToAnotherSelectorWhileParkedIsWokenThere() throws IOException {
        gate.park(key.channel());
        gate.events(key, Gate.POLLOUT);
        try (Selector other = Selector.open()) {
            key.cancel();
            selector.selectNow();
            SelectionKey second = pipe.sink().register(other, SelectionKey.OP_WRITE);
            assertEquals(0, gate.events(second, Gate.POLLOUT));
            queued.clear();
            assertTrue(gate.resume(second.channel()));
            assertTrue(queued.contains(second));
            assertEquals(Gate.POLLOUT, gate.events(second, Gate.POLLOUT));
        }
    }
}
