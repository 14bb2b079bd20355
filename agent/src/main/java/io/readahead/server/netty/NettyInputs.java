package io.readahead.server.netty;

import io.readahead.adapter.FileChunks;
import io.readahead.adapter.Reflection;
import io.readahead.adapter.Shapes;
import java.io.FileInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.io.RandomAccessFile;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Method;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Which file an input of chunks reads, and where in it.
 *
 * <p>Two kinds know the end of what they send and read nothing to see it. The two that read a stream to its end do read a chunk more to
 * see whether there is one; they count what they have read, so that the file has to be asked only once where it stood.
 *
 * <p>A subclass may have methods of its own before theirs. Whether those hand the call on is not to be read from the class; but where they
 * do, Netty's count moves.
 *
 * <p>Source: {@code io.netty.handler.stream}, {@code HttpChunkedInput}, {@code Http2DataChunkedInput}, {@code WebSocketChunkedInput},
 * Netty 4.1.0, 4.1.136, 4.2.0 and 4.2.18; {@code java.io.FilterInputStream} and {@code sun.nio.ch.ChannelInputStream}, JDK 17 to 25.
 * <p>Errors: an input of a class of Netty's that has another shape is reported once, and passes through.
 * <p>Threads: event loops.
 */
final class NettyInputs {

    private static final String STREAM = "io.netty.handler.stream.";
    private static final List<String> WRAPPERS = List.of("io.netty.handler.codec.http.HttpChunkedInput",
            "io.netty.handler.codec.http2.Http2DataChunkedInput", "io.netty.handler.codec.http.websocketx.WebSocketChunkedInput");
    private static final String CHANNEL_STREAM = "sun.nio.ch.ChannelInputStream";
    private static final int DEEPEST = 8;

    private final Reflection reflection;
    private final Shapes<Shape> shapes;
    private final Shapes<VarHandle> streams;

    NettyInputs(Reflection reflection, Consumer<String> report) {
        this.reflection = reflection;
        this.shapes = new Shapes<>(this::shapeOf, report);
        this.streams = new Shapes<>(this::streamBehind, report);
    }

    /** What reads the file behind an input, which may be wrapped; null where nobody knows. */
    FileChunks open(Object input) throws IOException {
        Object at = input;
        List<Interposer> before = List.of();
        for (int depth = 0; depth < DEEPEST && at != null; depth++) {
            Shape shape = shapes.of(at);
            if (shape == null) {
                return null;
            }
            if (shape.interposer != null) {
                before = new ArrayList<>(before);
                before.add(shape.interposer);
            }
            if (shape.chunkSize != null) {
                return shape.open(at, before, streams);
            }
            at = shape.source.get(at);
        }
        return null;
    }

    /** The input that others wrap. */
    Object innermost(Object input) {
        Object at = input;
        for (int depth = 0; depth < DEEPEST; depth++) {
            Shape shape = shapes.of(at);
            Object wrapped = shape == null || shape.chunkSize != null ? null : shape.source.get(at);
            if (wrapped == null) {
                break;
            }
            at = wrapped;
        }
        return at;
    }

    void forget() {
        shapes.forget();
        streams.forget();
    }

    private Shape shapeOf(Class<?> type) throws ReflectiveOperationException {
        for (Class<?> at = type; at != null; at = at.getSuperclass()) {
            for (String wrapper : WRAPPERS) {
                if (at.getName().endsWith(wrapper)) {
                    String root = at.getName().substring(0, at.getName().length() - wrapper.length());
                    Class<?> input = Class.forName(root + STREAM + "ChunkedInput", false, at.getClassLoader());
                    return new Shape(reflection.field(at, "input", input), null, null, null, interposer(type, at));
                }
            }
            if (at.getName().endsWith(STREAM + "ChunkedNioFile")) {
                return ofFile(type, at, "in", FileChannel.class);
            }
            if (at.getName().endsWith(STREAM + "ChunkedFile")) {
                return ofFile(type, at, "file", RandomAccessFile.class);
            }
            if (at.getName().endsWith(STREAM + "ChunkedNioStream")) {
                return ofStream(type, at, ReadableByteChannel.class);
            }
            if (at.getName().endsWith(STREAM + "ChunkedStream")) {
                return ofStream(type, at, PushbackInputStream.class);
            }
        }
        return null;
    }

    private Shape ofFile(Class<?> type, Class<?> netty, String name, Class<?> source) throws ReflectiveOperationException {
        return new Shape(reflection.field(netty, name, source), reflection.field(netty, "chunkSize", int.class),
                reflection.field(netty, "offset", long.class), reflection.field(netty, "endOffset", long.class), interposer(type, netty));
    }

    private Shape ofStream(Class<?> type, Class<?> netty, Class<?> source) throws ReflectiveOperationException {
        return new Shape(reflection.field(netty, "in", source), reflection.field(netty, "chunkSize", int.class),
                reflection.field(netty, "offset", long.class), null, interposer(type, netty));
    }

    /** @return null where no subclass of Netty's has one of the two methods that are called */
    private static Interposer interposer(Class<?> type, Class<?> netty) {
        for (Class<?> at = type; at != netty; at = at.getSuperclass()) {
            for (Method method : at.getDeclaredMethods()) {
                if (method.getName().equals("readChunk") || method.getName().equals("isEndOfInput")) {
                    return new Interposer();
                }
            }
        }
        return null;
    }

    /** What a stream of the JDK reads from: another stream, or a channel. */
    private VarHandle streamBehind(Class<?> type) throws ReflectiveOperationException {
        if (type == PushbackInputStream.class) {
            return reflection.field(FilterInputStream.class, "in", InputStream.class);
        }
        return type.getName().equals(CHANNEL_STREAM) ? reflection.field(type, "ch", ReadableByteChannel.class) : null;
    }

    /**
     * Accessors of an input.
     *
     * @param source the file, a stream, or the input that is wrapped
     * @param chunkSize null for one that wraps another
     * @param offset in the file, or in what the stream had left
     * @param end null where it reads to the end of the file
     * @param interposer null where the methods called are Netty's
     */
    private record Shape(VarHandle source, VarHandle chunkSize, VarHandle offset, VarHandle end, Interposer interposer) {

        FileChunks open(Object input, List<Interposer> before, Shapes<VarHandle> streams) throws IOException {
            FileChannel file = fileOf(source.get(input), streams);
            if (file == null) {
                return null;
            }
            int chunkBytes = (int) chunkSize.get(input);
            return end != null ? new OfFile(input, file, offset, (long) end.get(input), chunkBytes, before)
                    : new OfStream(input, file, offset, file.position() - (long) offset.get(input), 2L * chunkBytes, before);
        }

        private static FileChannel fileOf(Object source, Shapes<VarHandle> streams) {
            Object at = source;
            for (int depth = 0; depth < DEEPEST && at != null; depth++) {
                if (at instanceof FileChannel channel) {
                    return channel;
                }
                if (at instanceof RandomAccessFile file) {
                    return file.getChannel();
                }
                if (at.getClass() == FileInputStream.class) {
                    return ((FileInputStream) at).getChannel();
                }
                VarHandle behind = streams.of(at);
                at = behind == null ? null : behind.get(at);
            }
            return null;
        }
    }

    /** A class that has methods of its own before Netty's. Threads: any; once it was seen to hand a call on, it was. */
    private static final class Interposer {
        private volatile boolean handsOn;
    }

    /** Behind methods that may be the application's. */
    private interface Behind extends FileChunks {

        List<Interposer> before();

        @Override
        default boolean mayReadElsewhere() {
            return !before().isEmpty();
        }

        @Override
        default boolean wasSeenToRead() {
            return before().stream().allMatch(interposer -> interposer.handsOn);
        }

        @Override
        default void seenToRead() {
            before().forEach(interposer -> interposer.handsOn = true);
        }
    }

    /** One that knows where in the file it ends. */
    private record OfFile(Object input, FileChannel file, VarHandle offset, long end, int chunkBytes, List<Interposer> before)
            implements Behind {

        @Override
        public long position() {
            return (long) offset.get(input);
        }

        @Override
        public long reachBytes() {
            return chunkBytes;
        }
    }

    /** One that reads to the end of the file. @param base where in the file it began */
    private record OfStream(Object input, FileChannel file, VarHandle offset, long base, long reachBytes, List<Interposer> before)
            implements Behind {

        @Override
        public long position() {
            return base + (long) offset.get(input);
        }

        @Override
        public long end() {
            return Long.MAX_VALUE;
        }

        @Override
        public boolean readsToLook() {
            return true;
        }
    }
}
