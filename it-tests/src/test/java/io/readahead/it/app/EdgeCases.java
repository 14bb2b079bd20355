package io.readahead.it.app;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * What {@code transferTo} does at its edges, once through a woven and once through a plain call site: the test compares the lines
 * {@code woven.CASE=OUTCOME} and {@code plain.CASE=OUTCOME}.
 */
final class EdgeCases {

    private static final int SMALL = 1000;

    private final Path file;
    private final Call call;

    private EdgeCases(Path file, Call call) {
        this.file = file;
        this.call = call;
    }

    /** A call site. */
    @FunctionalInterface
    private interface Call {
        long send(FileChannel file, long position, long count, WritableByteChannel target) throws IOException;
    }

    /** What is tried; returns what came of it. */
    @FunctionalInterface
    private interface Case {
        Object run() throws IOException;
    }

    static void print(Path file) {
        new EdgeCases(file, io.readahead.it.woven.Sender::send).print("woven");
        new EdgeCases(file, io.readahead.it.plain.Sender::send).print("plain");
    }

    private void print(String prefix) {
        cases().forEach((name, edge) -> System.out.println(prefix + "." + name + "=" + outcome(edge)));
    }

    private static Object outcome(Case edge) {
        try {
            return edge.run();
        } catch (IOException | RuntimeException thrown) {
            return thrown.getClass().getName();
        }
    }

    private Map<String, Case> cases() {
        Map<String, Case> cases = new LinkedHashMap<>();
        cases.put("null-receiver", () -> call.send(null, 0, 1, sink()));
        cases.put("null-target", () -> with(channel -> call.send(channel, 0, 1, null)));
        cases.put("closed-channel", this::closedChannel);
        cases.put("closed-target", this::closedTarget);
        cases.put("write-only-channel", this::writeOnlyChannel);
        cases.put("read-only-target", () -> with(channel -> with(target -> call.send(channel, 0, 1, target))));
        cases.put("negative-position", () -> with(channel -> call.send(channel, -1, 1, sink())));
        cases.put("negative-count", () -> with(channel -> call.send(channel, 0, -1, sink())));
        cases.put("zero-count", () -> with(channel -> call.send(channel, 0, 0, sink())));
        cases.put("position-at-end", () -> with(channel -> call.send(channel, channel.size(), 1, sink())));
        cases.put("position-past-end", () -> with(channel -> call.send(channel, channel.size() + 1, 1, sink())));
        cases.put("huge-position", () -> with(channel -> call.send(channel, Long.MAX_VALUE, Long.MAX_VALUE, sink())));
        cases.put("count-past-end", () -> with(channel -> call.send(channel, channel.size() - 5, Long.MAX_VALUE, sink())));
        cases.put("position-stays", () -> with(channel -> call.send(channel.position(7), 0, SMALL, sink()) + " " + channel.position()));
        cases.put("file-target", this::fileTarget);
        cases.put("file-target-appended", this::appendedFileTarget);
        cases.put("pipe-target", this::pipeTarget);
        cases.put("throwing-target", () -> with(channel -> call.send(channel, 0, 1, new Throwing())));
        cases.put("blocking-socket", () -> socket(true, false));
        cases.put("blocking-socket-whole", this::wholeOverBlockingSocket);
        cases.put("closed-socket", () -> socket(true, true));
        cases.put("closed-non-blocking-socket", () -> socket(false, true));
        cases.put("unconnected-socket", this::unconnectedSocket);
        return cases;
    }

    private static WritableByteChannel sink() {
        return Channels.newChannel(OutputStream.nullOutputStream());
    }

    /** Runs with an open channel of the file. */
    @FunctionalInterface
    private interface OnChannel {
        Object run(FileChannel channel) throws IOException;
    }

    private Object with(OnChannel action) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return action.run(channel);
        }
    }

    private Object closedChannel() throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        channel.close();
        return call.send(channel, 0, 1, sink());
    }

    private Object closedTarget() throws IOException {
        WritableByteChannel target = sink();
        target.close();
        return with(channel -> call.send(channel, 0, 1, target));
    }

    private Object writeOnlyChannel() throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            return call.send(channel, 0, 1, sink());
        }
    }

    private Object fileTarget() throws IOException {
        return withCopy(StandardOpenOption.WRITE);
    }

    private Object appendedFileTarget() throws IOException {
        return withCopy(StandardOpenOption.APPEND);
    }

    private Object withCopy(StandardOpenOption option) throws IOException {
        Path copy = Files.createTempFile(file.getParent(), "copy", ".bin");
        try (FileChannel target = FileChannel.open(copy, option)) {
            long sent = (Long) with(channel -> call.send(channel, 11, SMALL, target));
            return sent + " " + target.position() + " " + target.size() + " " + same(Files.readAllBytes(copy), 11);
        } finally {
            Files.delete(copy);
        }
    }

    private Object pipeTarget() throws IOException {
        Pipe pipe = Pipe.open();
        try (Pipe.SinkChannel target = pipe.sink(); Pipe.SourceChannel source = pipe.source()) {
            long sent = (Long) with(channel -> call.send(channel, 3, SMALL, target));
            ByteBuffer received = ByteBuffer.allocate(SMALL);
            while (received.position() < sent) {
                source.read(received);
            }
            return sent + " " + same(received.array(), 3);
        }
    }

    private Object socket(boolean blocking, boolean closed) throws IOException {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                SocketChannel client = SocketChannel.open(listener.getLocalAddress());
                SocketChannel target = listener.accept()) {
            target.configureBlocking(blocking);
            if (closed) {
                return sendToClosed(target);
            }
            long sent = (Long) with(channel -> call.send(channel, 5, SMALL, target));
            ByteBuffer received = ByteBuffer.allocate(SMALL);
            while (received.position() < sent) {
                client.read(received);
            }
            return sent + " " + same(received.array(), 5);
        }
    }

    private Object sendToClosed(SocketChannel target) throws IOException {
        target.close();
        return with(channel -> call.send(channel, 5, SMALL, target));
    }

    /** More than any socket buffer: a blocking target gets the full count from one call. */
    private Object wholeOverBlockingSocket() throws IOException {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                SocketChannel client = SocketChannel.open(listener.getLocalAddress());
                SocketChannel target = listener.accept()) {
            Thread reader = new Thread(() -> drain(client), "reader");
            reader.setDaemon(true);
            reader.start();
            return with(channel -> call.send(channel, 0, channel.size(), target) == channel.size());
        }
    }

    private static void drain(SocketChannel client) {
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        try {
            while (client.read(buffer.clear()) >= 0) {
                continue;
            }
        } catch (IOException ignored) {
            // Closed by the one who is done.
        }
    }

    private Object unconnectedSocket() throws IOException {
        try (SocketChannel target = SocketChannel.open()) {
            return with(channel -> call.send(channel, 0, 1, target));
        }
    }

    private boolean same(byte[] received, long offset) throws IOException {
        ByteBuffer expected = ByteBuffer.allocate(received.length);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.read(expected, offset);
        }
        return Arrays.equals(expected.array(), received);
    }

    /** An application's own trouble, which must come through untouched. */
    private static final class Throwing implements WritableByteChannel {

        @Override
        public int write(ByteBuffer source) {
            throw new NoSuchElementException("the application's own");
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {
            // Holds nothing.
        }
    }
}
