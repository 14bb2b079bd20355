package io.readahead.server.jetty.fake.org.eclipse.jetty.io;

import java.nio.channels.SeekableByteChannel;
import java.util.concurrent.TimeUnit;

/** As far as the agent looks into it. */
public final class IOResources {

    private IOResources() {
    }

    /** Takes note of the rounds that it was told to begin. */
    public static class PathToSinkCopier extends IteratingNestedCallback {

        public static final int BUFFER_BYTES = 32 * 1024;

        private final SeekableByteChannel channel;
        private final Content.Sink sink;
        private final int bufferSize = BUFFER_BYTES;
        private long remainingLength;

        public PathToSinkCopier(SeekableByteChannel channel, Content.Sink sink, long remainingLength) {
            this.channel = channel;
            this.sink = sink;
            this.remainingLength = remainingLength;
        }

        public void read(int bytes) {
            remainingLength -= Math.min(bytes, bufferSize);
        }

        protected TimeUnit process() {
            return channel != null && sink != null && remainingLength > 0 ? TimeUnit.DAYS : TimeUnit.HOURS;
        }
    }

    /** Has the method that all callbacks have. */
    public static class IteratingNestedCallback {

        private int rounds;

        public final void succeeded() {
            rounds++;
        }

        public int rounds() {
            return rounds;
        }
    }
}
