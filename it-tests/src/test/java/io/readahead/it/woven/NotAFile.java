package io.readahead.it.woven;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Has a method of FileChannel's name and descriptor, and is none. */
public final class NotAFile {

    /** What {@link #transferTo} returns. */
    public static final long RESULT = 4711;

    /** Writes one byte, so that the target can look at the stack. */
    public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
        target.write(ByteBuffer.allocate(1));
        return RESULT;
    }

    /** A call site of the method above. */
    public static long send(NotAFile file, long position, long count, WritableByteChannel target) throws IOException {
        return file.transferTo(position, count, target);
    }
}
