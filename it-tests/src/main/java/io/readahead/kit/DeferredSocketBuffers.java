package io.readahead.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Has every CPU let go of the socket buffers that it keeps for later, and with them of the pages that sendfile put into them.
 *
 * <p>Problem: a page in a socket buffer can't be evicted. The receiver of a buffer doesn't free it, but leaves that to the CPU which made
 * it, and an idle CPU comes to it with its next packet, whenever that is. Choice: give each CPU a packet, by a thread that is bound to it.
 *
 * <p>Errors: a CPU that this process may not run on is left out; UncheckedIOException when the loopback interface doesn't work.
 * <p>Threads: any; waits for a thread of its own.
 * <p>Source: Linux 5.19 and later, skb_attempt_defer_free() in net/core/skbuff.c and skb_defer_free_flush() in net/core/dev.c.
 */
final class DeferredSocketBuffers {

    /** A cpu_set_t of glibc. */
    private static final int MASK_BYTES = 128;
    private static final int TIMEOUT_MILLIS = 1_000;
    private static final int PACKETS = 2;

    private DeferredSocketBuffers() {
    }

    static void free() throws InterruptedException {
        Thread visitor = new Thread(DeferredSocketBuffers::visitEachCpu, "deferred-socket-buffers");
        visitor.setDaemon(true);
        visitor.start();
        visitor.join();
    }

    private static void visitEachCpu() {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            DatagramPacket packet = new DatagramPacket(new byte[1], 1, socket.getLocalSocketAddress());
            for (int cpu = 0; cpu < MASK_BYTES * Byte.SIZE; cpu++) {
                byte[] mask = new byte[MASK_BYTES];
                mask[cpu / Byte.SIZE] = (byte) (1 << cpu % Byte.SIZE);
                if (Libc.INSTANCE.sched_setaffinity(Libc.CALLING_THREAD, MASK_BYTES, mask) == 0) {
                    exchange(socket, packet);
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void exchange(DatagramSocket socket, DatagramPacket packet) throws IOException {
        for (int number = 0; number < PACKETS; number++) {
            socket.send(packet);
            socket.receive(packet);
        }
    }
}
