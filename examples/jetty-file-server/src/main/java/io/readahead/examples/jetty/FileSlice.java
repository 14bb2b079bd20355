package io.readahead.examples.jetty;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;

/**
 * A part of a file that Jetty handles as a buffer and that is sent with {@link FileChannel#transferTo}.
 *
 * <p>The buffer maps the part. Mapping reads nothing, and nobody reads the buffer: it only tells Jetty how many bytes there are to send,
 * and its position says how many of them are sent.
 */
final class FileSlice {
    /** A buffer counts in {@code int}, so a larger file is sent as several slices. */
    static final long MAX_BYTES = 1L << 30;

    private final FileChannel file;
    private final long offset;
    private final ByteBuffer buffer;

    private FileSlice(FileChannel file, long offset, ByteBuffer buffer) {
        this.file = file;
        this.offset = offset;
        this.buffer = buffer;
    }

    /**
     * Maps a part of a file, without reading it.
     *
     * <p>Errors: an {@link IOException} if the file has become shorter than the part's end.
     *
     * @param file open for reading; must stay open until the slice is sent
     * @param offset first byte
     * @param length bytes, at most {@link #MAX_BYTES}
     */
    static FileSlice map(FileChannel file, long offset, long length) throws IOException {
        return new FileSlice(file, offset, file.map(FileChannel.MapMode.READ_ONLY, offset, length));
    }

    ByteBuffer buffer() {
        return buffer;
    }

    boolean isSent() {
        return !buffer.hasRemaining();
    }

    /**
     * Sends bytes to a socket and moves the buffer's position past them.
     *
     * <p>Errors: an {@link EOFException} if the file was truncated while it was being sent.
     * <p>Threads: the selector thread; never waits for the socket, waits for the disk where the bytes are not in the page cache.
     * <p>Source: sendfile(2).
     *
     * @param limitBytes the most to send
     * @return bytes sent; fewer than asked, or 0, means "not now"
     */
    long transferTo(WritableByteChannel socket, long limitBytes) throws IOException {
        long position = offset + buffer.position();
        long sent = file.transferTo(position, Math.min(limitBytes, buffer.remaining()), socket);
        if (sent > 0) {
            buffer.position(buffer.position() + (int) sent);
        } else if (file.size() <= position) {
            // At the end of a file transferTo returns 0 forever, exactly as it does for a full socket.
            throw new EOFException("the file now ends before byte " + position);
        }
        return sent;
    }
}
