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
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.util.List;
import java.util.function.Consumer;

/**
 * Which file an input of chunks reads, and where in it.
 *
 * <p>Two kinds know the end of what they send and read nothing to see it. The two that read a stream to its end do read a chunk more to
 * see whether there is one; they count what they have read, so that the file has to be asked only once where it stood.
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
        for (int depth = 0; depth < DEEPEST && at != null; depth++) {
            Shape shape = shapes.of(at);
            if (shape == null) {
                return null;
            }
            if (shape.chunkSize != null) {
                return shape.open(at, streams);
            }
            at = shape.source.get(at);
        }
        return null;
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
                    return new Shape(reflection.field(at, "input", input), null, null, null);
                }
            }
            if (at.getName().endsWith(STREAM + "ChunkedNioFile")) {
                return ofFile(at, "in", FileChannel.class);
            }
            if (at.getName().endsWith(STREAM + "ChunkedFile")) {
                return ofFile(at, "file", RandomAccessFile.class);
            }
            if (at.getName().endsWith(STREAM + "ChunkedNioStream")) {
                return ofStream(at, ReadableByteChannel.class);
            }
            if (at.getName().endsWith(STREAM + "ChunkedStream")) {
                return ofStream(at, PushbackInputStream.class);
            }
        }
        return null;
    }

    private Shape ofFile(Class<?> type, String name, Class<?> source) throws ReflectiveOperationException {
        return new Shape(reflection.field(type, name, source), reflection.field(type, "chunkSize", int.class),
                reflection.field(type, "offset", long.class), reflection.field(type, "endOffset", long.class));
    }

    private Shape ofStream(Class<?> type, Class<?> source) throws ReflectiveOperationException {
        return new Shape(reflection.field(type, "in", source), reflection.field(type, "chunkSize", int.class),
                reflection.field(type, "offset", long.class), null);
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
     */
    private record Shape(VarHandle source, VarHandle chunkSize, VarHandle offset, VarHandle end) {

        FileChunks open(Object input, Shapes<VarHandle> streams) throws IOException {
            FileChannel file = fileOf(source.get(input), streams);
            if (file == null) {
                return null;
            }
            int chunkBytes = (int) chunkSize.get(input);
            return end != null ? new OfFile(input, file, offset, (long) end.get(input), chunkBytes)
                    : new OfStream(input, file, offset, file.position() - (long) offset.get(input), 2L * chunkBytes);
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

    /** One that knows where in the file it ends. */
    private record OfFile(Object input, FileChannel file, VarHandle offset, long end, int chunkBytes) implements FileChunks {

        @Override
        public long position() {
            return (long) offset.get(input);
        }

        @Override
        public long reachBytes() {
            return chunkBytes;
        }

        @Override
        public boolean readsToLook() {
            return false;
        }
    }

    /** One that reads to the end of the file. @param base where in the file it began */
    private record OfStream(Object input, FileChannel file, VarHandle offset, long base, long reachBytes) implements FileChunks {

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
