package io.readahead.jdk;

import java.io.FileDescriptor;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.util.Properties;

/**
 * What the JDK knows and does not tell: the descriptor behind a file channel, the keys of a channel, how a key is queued.
 *
 * <p>Checked against the sources of JDK 17 and 25. Loading this class fails where a name is missing; start-up then leaves the
 * agent off and says which name it was.
 * <p>Threads: any; nothing here blocks or does I/O.
 */
public final class JdkInternals {

    /** A descriptor that is closed. */
    public static final int NO_DESCRIPTOR = -1;

    private static final Class<?> FILE_CHANNEL_IMPL;
    private static final Class<?> SEL_CH_IMPL;
    private static final Class<?> SELECTOR_IMPL;
    private static final Class<?> SELECTION_KEY_IMPL;
    private static final VarHandle CHANNEL_FD;
    /** Null in a JDK that names it otherwise. */
    private static final VarHandle CHANNEL_DIRECT = inChannels("direct", boolean.class);
    /** The same. */
    private static final VarHandle CHANNEL_PATH = inChannels("path", String.class);
    private static final VarHandle DESCRIPTOR;
    private static final VarHandle CHANNEL_KEYS;
    private static final VarHandle BUFFER_ADDRESS;
    private static final MethodHandle SET_EVENT_OPS;
    /** Null in a JDK that names it otherwise: no buffer is known to be of a file then. */
    private static final VarHandle MAPPED_FILE = inBuffers("java.nio.MappedByteBuffer", "fd", FileDescriptor.class);
    private static final VarHandle PART_OF = inBuffers("java.nio.DirectByteBuffer", "att", Object.class);

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            FILE_CHANNEL_IMPL = Class.forName("sun.nio.ch.FileChannelImpl");
            SEL_CH_IMPL = Class.forName("sun.nio.ch.SelChImpl");
            SELECTOR_IMPL = Class.forName("sun.nio.ch.SelectorImpl");
            SELECTION_KEY_IMPL = Class.forName("sun.nio.ch.SelectionKeyImpl");
            CHANNEL_FD = MethodHandles.privateLookupIn(FILE_CHANNEL_IMPL, lookup)
                    .findVarHandle(FILE_CHANNEL_IMPL, "fd", FileDescriptor.class);
            DESCRIPTOR = MethodHandles.privateLookupIn(FileDescriptor.class, lookup)
                    .findVarHandle(FileDescriptor.class, "fd", int.class);
            CHANNEL_KEYS = MethodHandles.privateLookupIn(AbstractSelectableChannel.class, lookup)
                    .findVarHandle(AbstractSelectableChannel.class, "keys", SelectionKey[].class);
            BUFFER_ADDRESS = MethodHandles.privateLookupIn(Buffer.class, lookup)
                    .findVarHandle(Buffer.class, "address", long.class);
            SET_EVENT_OPS = MethodHandles.privateLookupIn(SELECTOR_IMPL, lookup)
                    .findVirtual(SELECTOR_IMPL, "setEventOps", MethodType.methodType(void.class, SELECTION_KEY_IMPL))
                    .asType(MethodType.methodType(void.class, Selector.class, SelectionKey.class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private JdkInternals() {
    }

    private static VarHandle inChannels(String field, Class<?> fieldType) {
        try {
            Class<?> channel = Class.forName("sun.nio.ch.FileChannelImpl");
            return MethodHandles.privateLookupIn(channel, MethodHandles.lookup()).findVarHandle(channel, field, fieldType);
        } catch (ReflectiveOperationException unknown) {
            return null;
        }
    }

    private static VarHandle inBuffers(String type, String field, Class<?> fieldType) {
        try {
            Class<?> buffer = Class.forName(type);
            return MethodHandles.privateLookupIn(buffer, MethodHandles.lookup()).findVarHandle(buffer, field, fieldType);
        } catch (ReflectiveOperationException unknown) {
            return null;
        }
    }

    /**
     * The buffer that {@code FileChannel.map} has made, of which a buffer is a part or the whole.
     *
     * <p>Source: {@code MappedByteBuffer.fd}, null but where a file is mapped (on Linux of no number), and {@code DirectByteBuffer.att},
     * which slices and duplicates have; JDK 17 to 25.
     *
     * @return null where it is of no file
     */
    public static ByteBuffer mappedWhole(ByteBuffer buffer) {
        boolean mapped = MAPPED_FILE != null && PART_OF != null && buffer.isDirect() && MAPPED_FILE.get((MappedByteBuffer) buffer) != null;
        if (!mapped) {
            return null;
        }
        ByteBuffer whole = buffer;
        while (PART_OF.get(whole) instanceof MappedByteBuffer of && MAPPED_FILE.get(of) != null) {
            whole = of;
        }
        return whole;
    }

    /** Whether the file is the JDK's own channel; any other subclass of FileChannel is left alone. */
    public static boolean isJdkFileChannel(FileChannel file) {
        return file.getClass() == FILE_CHANNEL_IMPL;
    }

    /**
     * Whether a file channel passes the page cache by: it was opened with {@code ExtendedOpenOption.DIRECT}. What is read ahead into the
     * page cache is nothing to it.
     *
     * @param file a channel for which {@link #isJdkFileChannel} holds
     */
    public static boolean isDirect(FileChannel file) {
        return CHANNEL_DIRECT != null && (boolean) CHANNEL_DIRECT.get(file);
    }

    /**
     * The path that a file channel was opened by, as its opener wrote it: it may be a relative one, and lead to another file by now.
     *
     * <p>Source: {@code FileChannelImpl.path}, JDK 17 to 25.
     *
     * @param file a channel for which {@link #isJdkFileChannel} holds
     * @return null where it was opened by none
     */
    public static String pathOf(FileChannel file) {
        return CHANNEL_PATH == null ? null : (String) CHANNEL_PATH.get(file);
    }

    /**
     * Whether the channel is one of the JDK's own, whose keys the JDK's selectors translate, and takes any part of what it is given.
     * A datagram has its boundaries: fewer bytes than were asked for would be another message.
     */
    public static boolean isJdkStream(Object channel) {
        return (channel instanceof SocketChannel || channel instanceof Pipe.SinkChannel) && SEL_CH_IMPL.isInstance(channel);
    }

    /**
     * The descriptor of a file channel at this moment.
     *
     * <p>Errors: none; the number may be closed, and reused by another file, as soon as it is returned. Who does more with it
     * than ask must check afterwards that the channel is still open (a closing channel says so before it frees the number).
     *
     * @param file a channel for which {@link #isJdkFileChannel} holds
     * @return the number, or {@link #NO_DESCRIPTOR}
     */
    public static int descriptorOf(FileChannel file) {
        return (int) DESCRIPTOR.getVolatile((FileDescriptor) CHANNEL_FD.get(file));
    }

    /**
     * The keys under which a channel is registered, read without the channel's lock.
     *
     * <p>Errors: a registration under way in another thread may be missing, and entries may be null.
     *
     * @return the live array, or null where the channel was never registered; not to be written to
     */
    public static SelectionKey[] keysOf(SelectableChannel channel) {
        return channel instanceof AbstractSelectableChannel registered
                ? (SelectionKey[]) CHANNEL_KEYS.getVolatile(registered)
                : null;
    }

    /**
     * Queues a key so that its selector translates its interest set again before it next waits.
     *
     * <p>Errors: throws ClosedSelectorException as {@code SelectorImpl.setEventOps} does; from JDK 25 on a closed selector takes the key
     * and never looks at it.
     * <p>Source: {@code EPollSelectorImpl.setEventOps} and {@code processUpdateQueue}, JDK 17 to 26; its lock guards one queue
     * operation.
     *
     * @return false where the key is not one of the JDK's own
     */
    public static boolean queueForTranslation(SelectionKey key) {
        Selector selector = key.selector();
        if (!SELECTION_KEY_IMPL.isInstance(key) || !(selector instanceof AbstractSelector) || !SELECTOR_IMPL.isInstance(selector)) {
            return false;
        }
        try {
            SET_EVENT_OPS.invokeExact(selector, key);
            return true;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("SelectorImpl.setEventOps declares no checked exception", e);
        }
    }

    /** The address of a direct buffer's first byte; the caller keeps the buffer reachable. */
    public static long addressOf(ByteBuffer direct) {
        return (long) BUFFER_ADDRESS.get((Buffer) direct);
    }

    /**
     * The properties that an attaching tool of the same user can read.
     *
     * @return the live ones, or null where this JDK has none
     */
    public static Properties agentProperties() {
        return AgentProperties.LIVE;
    }

    /** Looked up once, when it is first asked for. */
    private static final class AgentProperties {

        static final Properties LIVE = find();

        private static Properties find() {
            try {
                return (Properties) Class.forName("jdk.internal.vm.VMSupport").getMethod("getAgentProperties").invoke(null);
            } catch (ReflectiveOperationException | RuntimeException | LinkageError unavailable) {
                return null;
            }
        }
    }
}
