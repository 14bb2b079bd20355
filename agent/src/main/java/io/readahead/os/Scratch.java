package io.readahead.os;

import io.readahead.jdk.JdkInternals;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Native memory for the arguments of short system calls: a few slots for the whole process, taken without a lock.
 *
 * <p>Not thread-locals: those would stay behind in every thread of the server, and a virtual thread is too short-lived for
 * memory of its own. A slot is held for one call that does not wait.
 * <p>Threads: any.
 */
final class Scratch {

    static final int SLOT_BYTES = 512;
    /** {@link #acquire} found every slot taken. */
    static final int NO_SLOT = -1;

    private static final int SLOTS = 64;
    private static final int FREE = 0;
    private static final int TAKEN = 1;
    /** States are spread so that two threads' slots do not share a cache line. */
    private static final int STRIDE = 16;

    private final ByteBuffer memory = ByteBuffer.allocateDirect(SLOTS * SLOT_BYTES).order(ByteOrder.nativeOrder());
    private final long address = JdkInternals.addressOf(memory);
    private final AtomicIntegerArray states = new AtomicIntegerArray(SLOTS * STRIDE);

    /** Takes a slot; {@link #NO_SLOT} where as many threads as there are slots are in a call at this moment. */
    int acquire() {
        int first = (int) Thread.currentThread().getId() & (SLOTS - 1);
        for (int i = 0; i < SLOTS; i++) {
            int slot = (first + i) & (SLOTS - 1);
            if (states.get(slot * STRIDE) == FREE && states.compareAndSet(slot * STRIDE, FREE, TAKEN)) {
                return slot;
            }
        }
        return NO_SLOT;
    }

    /**
     * Takes every slot for good, each as soon as the call that has it is over.
     *
     * @return false where one is still taken after so many milliseconds
     */
    boolean close(long limitMillis) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limitMillis);
        for (int slot = 0; slot < SLOTS; slot++) {
            while (!states.compareAndSet(slot * STRIDE, FREE, TAKEN)) {
                if (System.nanoTime() - deadline > 0) {
                    return false;
                }
                TimeUnit.MILLISECONDS.sleep(1);
            }
        }
        return true;
    }

    void release(int slot) {
        states.set(slot * STRIDE, FREE);
    }

    /** Where the slot begins in memory; aligned as any struct needs. */
    long address(int slot) {
        return address + (long) slot * SLOT_BYTES;
    }

    void putLong(int slot, int offset, long value) {
        memory.putLong(slot * SLOT_BYTES + offset, value);
    }

    long getLong(int slot, int offset) {
        return memory.getLong(slot * SLOT_BYTES + offset);
    }

    int getInt(int slot, int offset) {
        return memory.getInt(slot * SLOT_BYTES + offset);
    }

    byte getByte(int slot, int offset) {
        return memory.get(slot * SLOT_BYTES + offset);
    }

    int getUnsignedShort(int slot, int offset) {
        return Short.toUnsignedInt(memory.getShort(slot * SLOT_BYTES + offset));
    }
}
