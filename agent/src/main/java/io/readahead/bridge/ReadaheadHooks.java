package io.readahead.bridge;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;

/**
 * What the agent answers to woven code. Lives in {@code java.nio.channels} at run time; only JDK types cross.
 *
 * <p>Threads: any thread of the server; implementations let no exception out but the server's own.
 */
public interface ReadaheadHooks {

    /** In the place of a position: the file's own one, which the call moves. */
    long OWN_POSITION = -1;
    /** In the place of a number of bytes: the call has thrown, or has met the end of the file. */
    int NOTHING_SENT = -1;

    /**
     * The last of an answer to {@link #part} that leaves something out. Two places before it is the buffer of a mapped file, the limit
     * of which was moved; between them an empty one that has the limit that it had.
     */
    ByteBuffer PART = ByteBuffer.allocate(0);
    /** The same of an answer that leaves nothing out. */
    ByteBuffer ALL = ByteBuffer.allocate(0);
    /** How far the mapped buffer is from the end. */
    int PART_ENDS_WITH = 2;

    /**
     * Stands in for {@link FileChannel#transferTo(long, long, WritableByteChannel)}.
     *
     * @param site the class and method that call
     * @return what the original call returned; for a non-blocking target possibly fewer bytes, or 0
     * @throws IOException what the original call threw
     */
    long transferTo(FileChannel file, long position, long count, WritableByteChannel target, String site) throws IOException;

    /**
     * Stands in for {@link SocketChannel#write(ByteBuffer[], int, int)}.
     *
     * @param site the class and method that call
     * @return what the original call returned; where a buffer is of a mapped file, possibly of fewer bytes, or 0
     * @throws IOException what the original call threw
     */
    long write(SocketChannel socket, ByteBuffer[] buffers, int offset, int length, String site) throws IOException;

    /** The same for {@link SocketChannel#write(ByteBuffer)}. */
    int write(SocketChannel socket, ByteBuffer buffer, String site) throws IOException;

    /**
     * Filters the events that a selector is about to register with the kernel for a key.
     *
     * @param events poll(2) bits that the key's interest set asks for
     * @return the bits to register; never more than asked for
     */
    int interestEvents(SelectionKey key, int events);

    /** See {@link ReadaheadBridge#later}. */
    boolean later(int adapter, Object receiver, Object source, long count);

    /** See {@link ReadaheadBridge#admit}. */
    long admit(int adapter, Object receiver, Object source, long position, long count);

    /** See {@link ReadaheadBridge#note}; {@link #NOTHING_SENT} where the call has thrown. */
    void note(int adapter, Object receiver, Object source, long position, long sent);

    /** See {@link ReadaheadBridge#callee}; {@link #note} follows with any number of bytes, but not where the call has thrown. */
    Object callee(int adapter, Object receiver, Object source, boolean reads);

    /** See {@link ReadaheadBridge#part}; the buffers themselves where no file is mapped, or it is none that can be helped. */
    ByteBuffer[] part(int adapter, Object receiver, ByteBuffer[] buffers);

    /** Follows on {@link #part}, but not where the call has thrown. @param mapped has its own limit again */
    void flushed(int adapter, Object receiver, ByteBuffer mapped);

    /** Whether a buffer is of a mapped file. */
    boolean isMapped(ByteBuffer buffer);

    /** See {@link ReadaheadBridge#parked}. */
    boolean parked(int adapter, Object receiver);

    /** Whether the 0 that this thread was just answered for that file and position was no word of the file: its bytes are cold. */
    boolean saidLater(FileChannel file, long position);
}
