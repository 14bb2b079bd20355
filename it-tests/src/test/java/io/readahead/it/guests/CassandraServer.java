package io.readahead.it.guests;

import io.netty.channel.Channel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import org.apache.cassandra.config.DatabaseDescriptor;
import org.apache.cassandra.net.AsyncStreamingOutputPlus;
import org.apache.cassandra.streaming.StreamingDataOutputPlus;

/** Cassandra's stream of a table's file, as one node sends it to another. */
public final class CassandraServer {

    /** As with {@code stream_throughput_outbound}: the file goes out in regions of a megabyte. */
    private static final StreamingDataOutputPlus.RateLimiter LIMITED = new StreamingDataOutputPlus.RateLimiter() {
        @Override
        public void acquire(int bytes) {
            // The clients of the tests take as much as there is.
        }

        @Override
        public boolean isRateLimited() {
            return true;
        }
    };

    private CassandraServer() {
    }

    /** Serves a folder until the process is ended. Arguments: the folder, and NIO or EPOLL. */
    public static void main(String[] arguments) throws InterruptedException {
        DatabaseDescriptor.clientInitialization();
        NettyGuest.serve(arguments, (channel, file) -> new Thread(() -> stream(channel, file), "stream").start());
    }

    /** Waits for the receiver, so it has a thread of its own there too. */
    private static void stream(Channel channel, FileChannel file) {
        try {
            new AsyncStreamingOutputPlus(channel).writeFileToChannel(file, LIMITED);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
