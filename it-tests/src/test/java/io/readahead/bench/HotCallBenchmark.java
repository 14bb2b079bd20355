package io.readahead.bench;

import com.sun.management.ThreadMXBean;
import io.readahead.bench.sender.PlainSender;
import io.readahead.bench.sender.WovenSender;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A hot file to a loopback socket, once by a call site that is not woven and once by one that is, over and over.
 *
 * <p>Both calls of a pair are a few microseconds apart, so that whatever else the machine does meets both. With one channel the
 * agent may remember the file; with 64 by turns it knows nothing of it at any call, as of a file that was opened a moment ago.
 */
@State(Scope.Thread)
public class HotCallBenchmark {

    /** The class that the agent is told to weave. */
    static final String WOVEN = "io.readahead.bench.sender.WovenSender";

    /** Bytes of the file, sent whole. */
    @Param({"20480", "1048576"})
    public int bytes;

    /** Channels that are open for the file and take turns. */
    @Param({"1", "64"})
    public int files;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private FileChannel[] channels;
    private SocketChannel out;
    private SocketChannel in;
    private ByteBuffer drain;
    private int next;

    /** What both kinds of calls took, summed up over an iteration. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Sums {
        /** Pairs. */
        public long calls;
        /** Of the call sites that aren't woven. */
        public long plainNanos;
        /** Of those that are. */
        public long wovenNanos;
        /** Bytes on the heap. */
        public long plainAllocated;
        /** Bytes on the heap. */
        public long wovenAllocated;
    }

    /** Opens everything, with a socket that has room for the whole file. */
    @Setup
    public void open() throws IOException, ClassNotFoundException {
        Class.forName("java.nio.channels.ReadaheadBridge");    // without the agent there is nothing to measure
        Path file = Files.createTempFile(Path.of(System.getProperty("bench.folder")), "hot", ".bin");
        Files.write(file, new byte[bytes]);
        channels = new FileChannel[files];
        for (int i = 0; i < files; i++) {
            channels[i] = FileChannel.open(file, StandardOpenOption.READ);
        }
        Files.delete(file);
        try (ServerSocketChannel server = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            out = SocketChannel.open(server.getLocalAddress());
            in = server.accept();
        }
        out.configureBlocking(false);
        drain = ByteBuffer.allocateDirect(bytes);
    }

    /** Closes everything. */
    @TearDown
    public void close() throws IOException {
        for (FileChannel channel : channels) {
            channel.close();
        }
        out.close();
        in.close();
    }

    /** One pair, the other call first each time: what the one leaves behind meets the other. */
    @Benchmark
    public void pair(Sums sums) throws IOException {
        FileChannel file = channels[next & (files - 1)];
        if ((next++ & 1) == 0) {
            woven(file, sums);
            plain(file, sums);
        } else {
            plain(file, sums);
            woven(file, sums);
        }
        sums.calls++;
    }

    private void plain(FileChannel file, Sums sums) throws IOException {
        long allocated = threads.getCurrentThreadAllocatedBytes();
        long begin = System.nanoTime();
        long sent = PlainSender.send(file, bytes, out);
        sums.plainNanos += System.nanoTime() - begin;
        sums.plainAllocated += threads.getCurrentThreadAllocatedBytes() - allocated;
        drain(sent);
    }

    private void woven(FileChannel file, Sums sums) throws IOException {
        long allocated = threads.getCurrentThreadAllocatedBytes();
        long begin = System.nanoTime();
        long sent = WovenSender.send(file, bytes, out);
        sums.wovenNanos += System.nanoTime() - begin;
        sums.wovenAllocated += threads.getCurrentThreadAllocatedBytes() - allocated;
        drain(sent);
    }

    private void drain(long sent) throws IOException {
        if (sent != bytes) {
            throw new IOException("sent " + sent + " of " + bytes + " bytes");
        }
        drain.clear();
        while (drain.hasRemaining()) {
            in.read(drain);
        }
    }
}
