package io.readahead.it.app;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The smallest event-loop server that sends files: one selector, one file, {@code java.base} alone.
 *
 * <p>Every request is answered with the file that the command line names.
 */
public final class TinySendfileServer {

    private static final String END_OF_HEAD = "\r\n\r\n";

    private final Path file;
    private final Selector selector = Selector.open();

    private TinySendfileServer(Path file) throws IOException {
        this.file = file;
    }

    /** Arguments: the file. Serves until the process is ended. */
    public static void main(String[] arguments) throws IOException {
        new TinySendfileServer(Path.of(arguments[0])).serve();
    }

    private void serve() throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        listener.configureBlocking(false);
        listener.register(selector, SelectionKey.OP_ACCEPT);
        System.out.println("listening on http://127.0.0.1:" + listener.socket().getLocalPort() + "/");
        while (selector.isOpen()) {
            selector.select(this::turn);
        }
    }

    private void turn(SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                SocketChannel client = ((ServerSocketChannel) key.channel()).accept();
                client.configureBlocking(false);
                client.register(selector, SelectionKey.OP_READ).attach(new Connection(client, file));
            } else {
                key.interestOps(((Connection) key.attachment()).turn());
            }
        } catch (IOException gone) {
            close(key.channel());
        }
    }

    private static void close(Closeable channel) {
        try {
            channel.close();
        } catch (IOException ignored) {
            // It is gone either way.
        }
    }

    /** Reads a request, sends the head, sends the file, and so on; each turn goes as far as the socket lets it. */
    private static final class Connection {

        private final SocketChannel client;
        private final Path path;
        private final StringBuilder request = new StringBuilder();
        private ByteBuffer head;
        private FileChannel file;
        private long position;

        Connection(SocketChannel client, Path path) {
            this.client = client;
            this.path = path;
        }

        /** Returns what to wait for. */
        int turn() throws IOException {
            try {
                return file == null && !readRequest() || send() ? SelectionKey.OP_READ : SelectionKey.OP_WRITE;
            } catch (IOException gone) {
                if (file != null) {
                    file.close();
                }
                throw gone;
            }
        }

        private boolean readRequest() throws IOException {
            ByteBuffer bytes = ByteBuffer.allocate(4096);
            if (client.read(bytes) < 0) {
                throw new IOException("the client has gone");
            }
            request.append(StandardCharsets.ISO_8859_1.decode(bytes.flip()));
            if (request.indexOf(END_OF_HEAD) < 0) {
                return false;
            }
            request.setLength(0);
            file = FileChannel.open(path, StandardOpenOption.READ);
            position = 0;
            head = ByteBuffer.wrap(("HTTP/1.1 200 OK\r\nContent-Length: " + file.size() + END_OF_HEAD).getBytes(StandardCharsets.US_ASCII));
            return true;
        }

        /** Returns whether the answer is sent. */
        private boolean send() throws IOException {
            client.write(head);
            if (head.hasRemaining()) {
                return false;
            }
            position += file.transferTo(position, file.size() - position, client);
            if (position < file.size()) {
                return false;
            }
            file.close();
            file = null;
            return true;
        }
    }
}
