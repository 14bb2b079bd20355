package io.readahead.jdk;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.LongSupplier;

/**
 * How often, and how long, the JVM has stopped all threads: for a garbage collection, say.
 *
 * <p>A thread that is in native code meanwhile goes on, and sleeps as it comes back. The number grows when such a stop begins, the time
 * when it has ended, a moment after the threads go on.
 * <p>Units: nanoseconds. Errors: none; a JVM that tells nothing ({@code -XX:-UsePerfData}) says 0 for ever.
 * <p>Threads: any; two reads of memory.
 * <p>Source: {@code jdk.internal.perf.Perf}, version 2 of its memory's layout ({@code perfMemory.hpp}), {@code sun.rt.safepoints} and
 * {@code sun.rt.safepointTime} ({@code runtimeService.cpp}), JDK 17 to 25.
 *
 * @param begun how many have begun
 * @param nanos how long those took that have ended, in sum
 */
public record Safepoints(LongSupplier begun, LongSupplier nanos) {

    private static final int OWN_PROCESS = 0;
    private static final int MAGIC = 0xcafec0c0;
    private static final int BYTE_ORDER_OFFSET = 4;
    private static final int MAJOR_VERSION_OFFSET = 5;
    private static final int VERSION = 2;
    private static final int FIRST_ENTRY_OFFSET = 24;
    private static final int ENTRIES_OFFSET = 28;
    // Of an entry: its length, and from its beginning where its name and its value are.
    private static final int NAME_OFFSET = 4;
    private static final int DATA_OFFSET = 16;

    /** A JVM that tells nothing. */
    public static Safepoints unknown() {
        return new Safepoints(() -> 0, () -> 0);
    }

    /** Those of this JVM. */
    public static Safepoints ofThisJvm() {
        try {
            ByteBuffer memory = memory();
            if (memory.order(ByteOrder.BIG_ENDIAN).getInt(0) != MAGIC || memory.get(MAJOR_VERSION_OFFSET) != VERSION) {
                return unknown();
            }
            memory.order(memory.get(BYTE_ORDER_OFFSET) == 0 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
            int begun = find(memory, "sun.rt.safepoints");
            int ticks = find(memory, "sun.rt.safepointTime");
            int frequency = find(memory, "sun.os.hrt.frequency");
            // A tick is a nanosecond on Linux.
            return begun < 0 || ticks < 0 || frequency < 0 || memory.getLong(frequency) != 1_000_000_000L ? unknown()
                    : new Safepoints(() -> memory.getLong(begun), () -> memory.getLong(ticks));
        } catch (Throwable unavailable) {
            return unknown();
        }
    }

    private static ByteBuffer memory() throws Throwable {
        Class<?> type = Class.forName("jdk.internal.perf.Perf");
        MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(type, MethodHandles.lookup());
        Object perf = lookup.findStatic(type, "getPerf", MethodType.methodType(type)).invoke();
        MethodHandle attach;
        try {
            attach = lookup.findVirtual(type, "attach", MethodType.methodType(ByteBuffer.class, int.class));
        } catch (NoSuchMethodException older) {
            attach = MethodHandles.insertArguments(lookup.findVirtual(type, "attach",
                    MethodType.methodType(ByteBuffer.class, int.class, String.class)), 2, "r");
        }
        return (ByteBuffer) attach.invoke(perf, OWN_PROCESS);
    }

    /** Where a value is; -1 where there is none of that name. */
    private static int find(ByteBuffer memory, String name) {
        int at = memory.getInt(FIRST_ENTRY_OFFSET);
        for (int entry = memory.getInt(ENTRIES_OFFSET); entry > 0; entry--) {
            int nameAt = at + memory.getInt(at + NAME_OFFSET);
            int same = 0;
            while (same < name.length() && memory.get(nameAt + same) == name.charAt(same)) {
                same++;
            }
            if (same == name.length() && memory.get(nameAt + same) == 0) {
                return at + memory.getInt(at + DATA_OFFSET);
            }
            at += memory.getInt(at);
        }
        return -1;
    }
}
