package io.readahead.it.app;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Sends one file over a connection to itself, and prints what came of it: {@code sent N bytes}, or {@code failed after N bytes: WHY}. */
public final class OneTransfer {

    private static final int BUFFER_BYTES = 1 << 20;

    private OneTransfer() {
    }

    /** Arguments: the file. */
    public static void main(String[] arguments) throws IOException {
        try (ServerSocketChannel listener = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                SocketChannel client = SocketChannel.open(listener.getLocalAddress());
                SocketChannel target = listener.accept();
                FileChannel file = FileChannel.open(Path.of(arguments[0]), StandardOpenOption.READ);
                Selector selector = Selector.open()) {
            client.configureBlocking(false);
            target.configureBlocking(false);
            target.register(selector, SelectionKey.OP_WRITE);
            long position = 0;
            try {
                while (position < file.size()) {
                    selector.select();
                    selector.selectedKeys().clear();
                    position += file.transferTo(position, file.size() - position, target);
                    client.read(ByteBuffer.allocate(BUFFER_BYTES));
                }
                System.out.println("sent " + position + " bytes");
            } catch (IOException failure) {
                System.out.println("failed after " + position + " bytes: " + failure);
            }
        }
    }
}
