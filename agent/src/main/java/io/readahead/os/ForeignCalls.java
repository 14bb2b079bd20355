package io.readahead.os;

import io.readahead.jdk.RestrictedMethods;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.lang.reflect.Array;
import java.util.Optional;

/**
 * The two questions of the hot path asked through {@code java.lang.foreign}, where the JDK has it: 22 and later.
 *
 * <p>A call costs some 20 ns beside the kernel's own time, by JNA 150 ns. The classes are reached by reflection, once, for this is
 * compiled for Java 17; the handles are called directly. To be initialized takes some 360 classes of the JDK and a quarter of a second of
 * a slow machine's start, so {@link JnaPosixLibrary} does it when the first file has been sent, on a thread of the agent's.
 * <p>Errors: a negative result says that the call failed, and not why; who wants the errno asks JNA, of which the answer may be another
 * by then.
 * <p>Threads: any. Source: JEP 454.
 */
final class ForeignCalls {

    private static final int FIRST_FEATURE = 22;

    private static final MethodHandle PREADV2;
    private static final MethodHandle SYSCALL;

    static {
        MethodHandle preadv2 = null;
        MethodHandle syscall = null;
        if (Runtime.version().feature() >= FIRST_FEATURE) {
            try {
                preadv2 = handle("preadv2", long.class, int.class, long.class, int.class, long.class, int.class);
                syscall = handle("syscall", long.class, long.class, long.class, long.class, long.class, long.class);
            } catch (Throwable unavailable) {
                preadv2 = null;    // JNA does
            }
        }
        PREADV2 = preadv2;
        SYSCALL = preadv2 == null ? null : syscall;
    }

    private ForeignCalls() {
    }

    /** Whether the methods may be called. */
    static boolean available() {
        return SYSCALL != null;
    }

    static long preadv2(int fd, long iovAddress, int iovCount, long offset, int flags) {
        try {
            return (long) PREADV2.invokeExact(fd, iovAddress, iovCount, offset, flags);
        } catch (Throwable impossible) {
            return -1;
        }
    }

    static long syscall(long number, long first, long second, long third, long fourth) {
        try {
            return (long) SYSCALL.invokeExact(number, first, second, third, fourth);
        } catch (Throwable impossible) {
            return -1;
        }
    }

    /** A handle of a libc function that returns a long. */
    private static MethodHandle handle(String name, Class<?> result, Class<?>... arguments) throws Throwable {
        Class<?> linkerType = Class.forName("java.lang.foreign.Linker");
        Class<?> layoutType = Class.forName("java.lang.foreign.MemoryLayout");
        Class<?> descriptorType = Class.forName("java.lang.foreign.FunctionDescriptor");
        Class<?> segmentType = Class.forName("java.lang.foreign.MemorySegment");
        Class<?> optionType = Class.forName("java.lang.foreign.Linker$Option");
        Object layouts = Array.newInstance(layoutType, arguments.length);
        for (int i = 0; i < arguments.length; i++) {
            Array.set(layouts, i, layout(arguments[i]));
        }
        Object descriptor = descriptorType.getMethod("of", layoutType, layouts.getClass()).invoke(null, layout(result), layouts);
        Object linker = linkerType.getMethod("nativeLinker").invoke(null);
        Object lookup = linkerType.getMethod("defaultLookup").invoke(linker);
        Object symbol = ((Optional<?>) Class.forName("java.lang.foreign.SymbolLookup").getMethod("find", String.class)
                .invoke(lookup, name)).orElseThrow(() -> new NoSuchMethodException(name));
        Object none = Array.newInstance(optionType, 0);
        return (MethodHandle) RestrictedMethods.find(linkerType, "downcallHandle",
                MethodType.methodType(MethodHandle.class, segmentType, descriptorType, none.getClass()))
                .invoke(linker, symbol, descriptor, none);
    }

    private static Object layout(Class<?> type) throws ReflectiveOperationException {
        Class<?> values = Class.forName("java.lang.foreign.ValueLayout");
        return values.getField(type == int.class ? "JAVA_INT" : "JAVA_LONG").get(null);
    }
}
