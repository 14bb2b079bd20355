package io.readahead.it.app;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * Sends one file over a connection to itself, and prints what came of it: {@code sent N bytes}, or {@code failed after N bytes: WHY}; of a
 * file that passes the page cache by also {@code read N bytes}, from disks, by this process.
 */
public final class OneTransfer {

    private static final int BUFFER_BYTES = 1 << 20;
    private static final String READ_BYTES = "read_bytes: ";

    private OneTransfer() {
    }

    /** Arguments: the file, and {@code DIRECT} where it is to be opened so. */
    public static void main(String[] arguments) throws IOException {
        boolean direct = arguments.length > 1;
        Set<OpenOption> options = direct ? Set.of(StandardOpenOption.READ, ExtendedOpenOption.valueOf(arguments[1]))
                : Set.of(StandardOpenOption.READ);
        long before = readBytes();
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                SocketChannel client = SocketChannel.open(listener.getLocalAddress());
                SocketChannel target = listener.accept();
                FileChannel file = FileChannel.open(Path.of(arguments[0]), options);
                Selector selector = Selector.open()) {
            // A thread of its own: a loop that also reads waits for itself where the socket holds more than it reads at a time.
            Thread reader = new Thread(() -> drain(client), "reader");
            reader.setDaemon(true);
            reader.start();
            target.configureBlocking(false);
            target.register(selector, SelectionKey.OP_WRITE);
            long position = 0;
            try {
                while (position < file.size()) {
                    selector.select();
                    selector.selectedKeys().clear();
                    position += file.transferTo(position, file.size() - position, target);
                }
                System.out.println("sent " + position + " bytes");
            } catch (IOException failure) {
                System.out.println("failed after " + position + " bytes: " + failure);
            }
        }
        if (direct) {
            System.out.println("read " + (readBytes() - before) + " bytes");
        }
    }

    private static void drain(SocketChannel client) {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        try {
            while (client.read(buffer.clear()) >= 0) {
                continue;
            }
        } catch (IOException ignored) {
            // Closed by the one who is done.
        }
    }

    /** proc_pid_io(5). */
    private static long readBytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/io")).stream().filter(line -> line.startsWith(READ_BYTES))
                .mapToLong(line -> Long.parseLong(line.substring(READ_BYTES.length()))).findFirst().orElseThrow();
    }
}
