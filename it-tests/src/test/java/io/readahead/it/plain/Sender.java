package io.readahead.it.plain;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;

/** The call site as in most servers. */
public final class Sender {

    private Sender() {
    }

    /** Hands on everything as it is. */
    public static long send(FileChannel file, long position, long count, WritableByteChannel target) throws IOException {
        return file.transferTo(position, count, target);
    }
}
