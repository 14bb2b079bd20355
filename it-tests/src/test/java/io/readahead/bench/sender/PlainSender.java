package io.readahead.bench.sender;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;

/** A call site. */
public final class PlainSender {

    private PlainSender() {
    }

    /** Sends a file from its beginning. */
    public static long send(FileChannel file, long bytes, WritableByteChannel target) throws IOException {
        return file.transferTo(0, bytes, target);
    }
}
