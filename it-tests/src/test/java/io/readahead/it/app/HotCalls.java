package io.readahead.it.app;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * How long a hot transferTo takes: sends so many bytes of a file that is in the page cache to a non-blocking pipe and takes them out again,
 * over and over, on one thread.
 *
 * <p>With the agent, against without: what a call costs more. Arguments: bytes of a call, rounds of 20,000 calls. Prints the median
 * nanoseconds of a call, without taking out, over the rounds.
 */
public final class HotCalls {

    private static final int CALLS = 20_000;
    private static final int WARM_UP_ROUNDS = 10;

    private HotCalls() {
    }

    public static void main(String[] arguments) throws IOException {
        int bytes = Integer.parseInt(arguments[0]);
        double[] nanos = new double[Integer.parseInt(arguments[1])];
        Path path = Files.write(Files.createTempFile(Path.of("."), "hot-calls", ".bin"), new byte[bytes]);
        Pipe pipe = Pipe.open();
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.DELETE_ON_CLOSE);
                Pipe.SinkChannel sink = pipe.sink(); Pipe.SourceChannel source = pipe.source()) {
            sink.configureBlocking(false);
            ByteBuffer buffer = ByteBuffer.allocateDirect(bytes);
            for (int round = -WARM_UP_ROUNDS; round < nanos.length; round++) {
                long spent = 0;
                for (int call = 0; call < CALLS; call++) {
                    long begin = System.nanoTime();
                    long sent = file.transferTo(0, bytes, sink);
                    spent += System.nanoTime() - begin;
                    if (sent != bytes) {
                        throw new IllegalStateException("sent " + sent + " of " + bytes + " bytes: more than a pipe holds?");
                    }
                    buffer.clear();
                    while (buffer.hasRemaining()) {
                        source.read(buffer);
                    }
                }
                if (round >= 0) {
                    nanos[round] = (double) spent / CALLS;
                }
            }
        }
        Arrays.sort(nanos);
        System.out.printf("%.0f ns%n", nanos[nanos.length / 2]);
    }
}
