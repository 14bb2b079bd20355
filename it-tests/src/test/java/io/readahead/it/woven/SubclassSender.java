package io.readahead.it.woven;

import io.readahead.it.app.DelegatingFileChannel;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;

/** A call site whose owner, as the compiler wrote it down, is a subclass of FileChannel. */
public final class SubclassSender {

    private SubclassSender() {
    }

    /** Hands on everything as it is. */
    public static long send(DelegatingFileChannel file, long position, long count, WritableByteChannel target) throws IOException {
        return file.transferTo(position, count, target);
    }
}
