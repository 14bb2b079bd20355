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
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Sends a file once to itself, and then over and over while another thread fills the heap, time and again, to the last byte.
 *
 * <p>Prints the SHA-256 of each that came, and in the end {@code heap full N times, outOfMemory in the loop M times}. What it needs itself
 * it has beforehand, and an OutOfMemoryError that it meets all the same makes it try again.
 */
public final class FullHeap {

    private static final int BUFFER_BYTES = 64 << 10;
    private static final int HOG_BYTES = 256;
    private static final int FULL_MILLIS = 5;

    private static volatile boolean stopped;
    private static int full;

    private FullHeap() {
    }

    /** Arguments: the file, and how often. */
    public static void main(String[] arguments) throws Exception {
        int errors = 0;
        for (int round = 0; round <= Integer.parseInt(arguments[1]); round++) {
            try (ServerSocketChannel listener = ServerSocketChannel.open()
                    .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                    SocketChannel client = SocketChannel.open(listener.getLocalAddress());
                    SocketChannel target = listener.accept();
                    FileChannel file = FileChannel.open(Path.of(arguments[0]), StandardOpenOption.READ);
                    Selector selector = Selector.open()) {
                target.configureBlocking(false);
                target.register(selector, SelectionKey.OP_WRITE);
                Receiver receiver = new Receiver(client, file.size());
                receiver.start();
                stopped = false;
                Thread hog = new Thread(FullHeap::fill, "hog");
                hog.setDaemon(true);
                if (round > 0) {
                    hog.start();    // by then the JVM has loaded what it needs
                }
                errors += send(file, target, selector);
                receiver.join();
                stopped = true;
                hog.join();
                System.out.println(HexFormat.of().formatHex(receiver.sum));
            }
        }
        System.out.println("heap full " + full + " times, outOfMemory in the loop " + errors + " times");
    }

    private static int send(FileChannel file, SocketChannel target, Selector selector) throws IOException {
        long size = file.size();
        long position = 0;
        int errors = 0;
        while (position < size) {
            try {
                selector.select();
                selector.selectedKeys().clear();
                position += file.transferTo(position, size - position, target);
            } catch (OutOfMemoryError again) {
                errors++;
            }
        }
        return errors;
    }

    private static void fill() {
        while (!stopped) {
            Object[] chain = null;
            try {
                while (!stopped) {
                    chain = new Object[] {chain, new byte[HOG_BYTES]};
                }
            } catch (OutOfMemoryError reached) {
                full++;
            }
            pause(chain);
            chain = null;
            pause(null);
        }
    }

    /** Keeps something reachable for a while. */
    private static void pause(Object[] held) {
        try {
            Thread.sleep(FULL_MILLIS);
        } catch (InterruptedException | OutOfMemoryError ignored) {
            Thread.yield();
        }
        java.lang.ref.Reference.reachabilityFence(held);
    }

    /** Reads to the end, with what it has from the beginning. */
    private static final class Receiver extends Thread {

        private final SocketChannel client;
        private final long size;
        private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        private final byte[] bytes = new byte[BUFFER_BYTES];
        private final MessageDigest digest;
        private byte[] sum;

        Receiver(SocketChannel client, long size) throws NoSuchAlgorithmException {
            this.client = client;
            this.size = size;
            this.digest = MessageDigest.getInstance("SHA-256");
        }

        @Override
        public void run() {
            long received = 0;
            while (received < size) {
                try {
                    int read = client.read(buffer.clear());
                    buffer.flip().get(bytes, 0, read);
                    digest.update(bytes, 0, read);
                    received += read;
                } catch (IOException broken) {
                    return;
                } catch (OutOfMemoryError ignored) {
                    Thread.yield();
                }
            }
            while (sum == null) {
                try {
                    sum = digest.digest();
                } catch (OutOfMemoryError ignored) {
                    Thread.yield();
                }
            }
        }
    }
}
