package io.readahead.bridge;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.WritableByteChannel;

/**
 * What the agent answers to woven code. Lives in {@code java.nio.channels} at run time; only JDK types cross.
 *
 * <p>Threads: any thread of the server; implementations let no exception out but the server's own.
 */
public interface ReadaheadHooks {

    /**
     * Stands in for {@link FileChannel#transferTo(long, long, WritableByteChannel)}.
     *
     * @param site the class and method that call
     * @return what the original call returned; for a non-blocking target possibly fewer bytes, or 0
     * @throws IOException what the original call threw
     */
    long transferTo(FileChannel file, long position, long count, WritableByteChannel target, String site) throws IOException;

    /**
     * Filters the events that a selector is about to register with the kernel for a key.
     *
     * @param events poll(2) bits that the key's interest set asks for
     * @return the bits to register; never more than asked for
     */
    int interestEvents(SelectionKey key, int events);

    /** See {@link ReadaheadBridge#admitRegion}; the position is that in the file. */
    long admitRegion(Object channel, Object region, long position, long count);

    /** See {@link ReadaheadBridge#noteRegion}; the position is that in the file. */
    void noteRegion(Object channel, Object region, long position, long sent);

    /** Whether the 0 that this thread was just answered for that file and position was no word of the file: its bytes are cold. */
    boolean saidLater(FileChannel file, long position);

    /** See {@link ReadaheadBridge#admitRead}. */
    long admitRead(Object layer, FileChannel file, long position, long count);

    /** See {@link ReadaheadBridge#noteRead}. */
    void noteRead(Object layer, FileChannel file, long position, long sent);

    /**
     * See {@link ReadaheadBridge#readWithHead}.
     *
     * @throws IOException what the original call threw
     */
    int readWithHead(FileChannel file, ByteBuffer buffer, Object response) throws IOException;
}
