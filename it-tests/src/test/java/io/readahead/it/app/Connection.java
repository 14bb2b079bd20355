package io.readahead.it.app;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Reads a request, sends the head, sends the file, and so on; each turn goes as far as the socket lets it.
 *
 * <p>Threads: its loop's, which changes with {@link #moveTo}.
 */
final class Connection implements SelectorLoop.Turn {

    private static final String END_OF_HEAD = "\r\n\r\n";
    private static final String TO = "&to=";
    private static final int LONGEST_REQUEST_BYTES = 4096;

    private final SocketChannel client;
    private final Path root;
    private final StringBuilder request = new StringBuilder();
    private SelectorLoop loop;
    private Habit habit = Habit.ASKS_AFTER_NOTHING_WENT;
    private ByteBuffer head = ByteBuffer.allocate(0);
    private FileChannel file;
    /** Null where it isn't mapped. */
    private ByteBuffer mapped;
    private long position;
    private long end;
    /** Where each part of the file goes on. */
    private long[] segments;

    Connection(SocketChannel client, Path root, SelectorLoop loop) {
        this.client = client;
        this.root = root;
        this.loop = loop;
    }

    /** Begins to read. */
    void open() throws IOException {
        loop.register(client, SelectionKey.OP_READ, this);
    }

    @Override
    public void take() {
        try {
            if (!client.isOpen()) {
                return;
            }
            if (file == null && !head.hasRemaining()) {
                if (!readRequest() || habit == Habit.ASKS_BEFORE_IT_SENDS && file != null) {
                    return;
                }
            } else if (isReadable()) {
                failIfTheClientHasGone();
            }
            send();
        } catch (IOException gone) {
            close();
        }
    }

    /** Returns whether there is something to send. */
    private boolean readRequest() throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(LONGEST_REQUEST_BYTES);
        if (client.read(bytes) < 0) {
            throw new IOException("the client has gone");
        }
        request.append(StandardCharsets.ISO_8859_1.decode(bytes.flip()));
        if (request.indexOf(END_OF_HEAD) < 0) {
            return false;
        }
        String[] target = request.substring(request.indexOf("/") + 1, request.indexOf(" HTTP/")).split("\\?");
        request.setLength(0);
        habit = Habit.ASKS_AFTER_NOTHING_WENT;
        Path path = root.resolve(target[0]);
        if (!Files.isRegularFile(path)) {
            head = head("404 Not Found", 0);
            return true;
        }
        file = FileChannel.open(path, StandardOpenOption.READ);
        position = 0;
        end = file.size();
        if (target.length > 1) {
            int to = target[1].indexOf(TO);
            habit = Habit.valueOf(to < 0 ? target[1] : target[1].substring(0, to));
            end = to < 0 ? end : Long.parseLong(target[1].substring(to + TO.length()));
        }
        mapped = habit.maps() ? file.map(FileChannel.MapMode.READ_ONLY, 0, end) : null;
        segments = new long[habit.segments()];
        for (int i = 0; i < segments.length; i++) {
            segments[i] = end * i / segments.length;
        }
        head = head("200 OK", end);
        if (habit == Habit.ASKS_BEFORE_IT_SENDS) {
            ask(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        }
        return true;
    }

    private static ByteBuffer head(String status, long length) {
        return ByteBuffer.wrap(("HTTP/1.1 " + status + "\r\nContent-Length: " + length + "\r\nSelects: " + SelectorLoop.returns()
                + END_OF_HEAD).getBytes(StandardCharsets.US_ASCII));
    }

    private void failIfTheClientHasGone() throws IOException {
        if (client.read(ByteBuffer.allocate(1)) < 0) {
            throw new IOException("the client has gone");
        }
    }

    private void send() throws IOException {
        if (mapped != null) {
            sendMapped();
            return;
        }
        client.write(head);
        if (head.hasRemaining()) {
            ask(SelectionKey.OP_WRITE);
            return;
        }
        if (file == null) {
            ask(SelectionKey.OP_READ);
            return;
        }
        if (habit.idles(this)) {
            return;
        }
        if (habit.segments() > 1) {
            sendSegments();
            return;
        }
        long sent = file.transferTo(position, end - position, client);
        position += sent;
        while (habit.asksOverAndOver() && position < end) {
            position += file.transferTo(position, end - position, client);
        }
        if (position == end) {
            file.close();
            file = null;
            ask(SelectionKey.OP_READ);
        } else if (sent > 0) {
            ask(SelectionKey.OP_WRITE);
        } else if (position >= file.size() && !habit.follows()) {
            throw new IOException("the file has become shorter");
        } else {
            habit.afterNothingWent(this);
        }
    }

    private void sendMapped() throws IOException {
        client.write(new ByteBuffer[] {head, mapped});
        if (!mapped.hasRemaining()) {
            mapped = null;
            file.close();
            file = null;
        }
        ask(file == null ? SelectionKey.OP_READ : SelectionKey.OP_WRITE);
    }

    private void sendSegments() throws IOException {
        boolean all = true;
        for (int i = 0; i < segments.length; i++) {
            long to = end * (i + 1) / segments.length;
            if (segments[i] < to) {
                segments[i] += file.transferTo(segments[i], to - segments[i], client);
            }
            all &= segments[i] == to;
        }
        if (all) {
            file.close();
            file = null;
        }
        ask(all ? SelectionKey.OP_READ : SelectionKey.OP_WRITE);
    }

    /** Whether all that the file has now is sent. */
    boolean isAtEndOfFile() throws IOException {
        return position >= file.size();
    }

    private boolean isReadable() {
        SelectionKey key = loop.keyOf(client);
        return key != null && key.isValid() && key.isReadable();
    }

    void ask(int interest) {
        loop.keyOf(client).interestOps(interest);
    }

    SocketChannel client() {
        return client;
    }

    SelectorLoop loop() {
        return loop;
    }

    /** Forgets the key, so that the client can be registered anew. */
    void cancelKey() throws IOException {
        loop.keyOf(client).cancel();
        loop.selectNow();
    }

    /** Registers the client with its loop, asking for OP_WRITE. */
    void register() throws IOException {
        if (client.isOpen()) {
            loop.register(client, SelectionKey.OP_WRITE, this);
        }
    }

    /** Goes on in another loop. */
    void moveTo(SelectorLoop other) throws IOException {
        cancelKey();
        loop = other;
        other.execute(this::register);
    }

    void close() {
        try {
            client.close();
            if (file != null) {
                file.close();
            }
        } catch (IOException ignored) {
            // It is gone either way.
        }
    }
}
