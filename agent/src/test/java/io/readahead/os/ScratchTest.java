package io.readahead.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ScratchTest {

    private static final int SLOTS = 64;

    private final Scratch scratch = new Scratch();

    @Test
    void everySlotIsHadOnceAndThenThereIsNone() {
        Set<Integer> slots = new HashSet<>();
        for (int i = 0; i < SLOTS; i++) {
            assertTrue(slots.add(scratch.acquire()));
        }
        assertFalse(slots.contains(Scratch.NO_SLOT));
        assertEquals(Scratch.NO_SLOT, scratch.acquire());
        scratch.release(5);
        assertEquals(5, scratch.acquire());
    }

    @Test
    void slotsDoNotOverlap() {
        int one = scratch.acquire();
        int other = scratch.acquire();
        assertNotEquals(one, other);
        assertTrue(Math.abs(scratch.address(one) - scratch.address(other)) >= Scratch.SLOT_BYTES);
        scratch.putLong(one, Scratch.SLOT_BYTES - 8, 0x1122334455667788L);
        scratch.putLong(other, 0, -1);
        assertEquals(0x1122334455667788L, scratch.getLong(one, Scratch.SLOT_BYTES - 8));
        assertEquals(-1, scratch.getInt(other, 4));
        assertEquals(0xFFFF, scratch.getUnsignedShort(other, 2));
    }

    @Test
    void closingWaitsForACallUnderWay() throws InterruptedException {
        int slot = scratch.acquire();
        assertFalse(scratch.close(20));
        scratch.release(slot);
        Scratch other = new Scratch();
        int inUse = other.acquire();
        Thread call = new Thread(() -> other.release(inUse));
        call.start();
        assertTrue(other.close(20_000));
        call.join();
        assertEquals(Scratch.NO_SLOT, other.acquire(), "and afterwards nobody gets one");
    }
}
