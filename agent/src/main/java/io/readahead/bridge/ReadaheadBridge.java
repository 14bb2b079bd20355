package io.readahead.bridge;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;

/**
 * The class that woven code calls. Lives in {@code java.nio.channels} at run time.
 *
 * <p>With no hooks installed, before start-up and after a failed one, every method is a pass-through.
 * Anybody may call the public methods: they do no more than the JDK's own.
 */
public final class ReadaheadBridge {

    private static volatile ReadaheadHooks hooks;

    private ReadaheadBridge() {
    }

    /**
     * Stands in for {@code file.transferTo(position, count, target)} at a woven call site.
     *
     * @param file the {@link FileChannel}; declared as Object so that verifying the woven class loads no subclass of it
     * @param site the class and method that call
     */
    public static long transferTo(Object file, long position, long count, WritableByteChannel target, String site)
            throws IOException {
        FileChannel channel = (FileChannel) file;
        ReadaheadHooks installed = hooks;
        // A null receiver fails here, in the original call, with the exception that it always had.
        return installed == null || channel == null
                ? channel.transferTo(position, count, target)
                : installed.transferTo(channel, position, count, target, site);
    }

    /**
     * Called where a server is about to send from a file in a way of its own.
     *
     * @param adapter the number of the adapter that knows this way
     * @param receiver the object whose method calls
     * @param source what names the file
     * @param position in the file; {@link ReadaheadHooks#OWN_POSITION} where the file's own is meant
     * @return how many of the count bytes may be sent now; 0 where they are cold
     */
    public static long admit(int adapter, Object receiver, Object source, long position, long count) {
        ReadaheadHooks installed = hooks;
        return installed == null ? count : installed.admit(adapter, receiver, source, position, count);
    }

    /** Called with how much of that was sent, which is returned again. */
    public static long note(long sent, int adapter, Object receiver, Object source, long position) {
        ReadaheadHooks installed = hooks;
        if (installed != null) {
            installed.note(adapter, receiver, source, position, sent);
        }
        return sent;
    }

    /**
     * Called before a server calls a method of an object of its own that may read a file.
     *
     * @param adapter the number of the adapter that knows this way
     * @param receiver the object whose method calls
     * @param source the object that is about to be called
     * @param reads whether it is asked for the next bytes; else whether there are any
     * @return whom to call: the source, or what stands in for it and says "later"
     */
    public static Object callee(int adapter, Object receiver, Object source, boolean reads) {
        ReadaheadHooks installed = hooks;
        return installed == null ? source : installed.callee(adapter, receiver, source, reads);
    }

    /**
     * Stands in for {@code file.read(buffer)} where a server sends from a buffer what it has read at the file's own position.
     *
     * @param receiver the object whose method calls
     * @param adapter the number of the adapter that knows this way
     * @return what the original call returned, possibly fewer bytes; 0 where they are cold
     */
    public static int read(FileChannel file, ByteBuffer buffer, Object receiver, int adapter) throws IOException {
        ReadaheadHooks installed = hooks;
        int wanted = installed == null || file == null ? 0 : buffer.remaining();
        if (wanted == 0) {
            return file.read(buffer);
        }
        long admitted = installed.admit(adapter, receiver, file, ReadaheadHooks.OWN_POSITION, wanted);
        if (admitted == 0) {
            return 0;
        }
        int limit = buffer.limit();
        int read = ReadaheadHooks.NOTHING_SENT;
        try {
            buffer.limit(limit - wanted + (int) Math.min(admitted, wanted));
            read = file.read(buffer);
            return read;
        } finally {
            buffer.limit(limit);
            installed.note(adapter, receiver, file, ReadaheadHooks.OWN_POSITION, read);
        }
    }

    /**
     * Called where a server is about to go on with a file from its own position, in a way of its own, and can be told to do so later.
     *
     * @param adapter the number of the adapter that knows this way
     * @param receiver the object that goes on
     * @param source what names the file
     * @param count how much is to come; negative where that is not known
     * @return whether it is to leave; it is told to go on
     */
    public static boolean later(int adapter, Object receiver, Object source, long count) {
        ReadaheadHooks installed = hooks;
        return installed != null && installed.later(adapter, receiver, source, count);
    }

    /** Stands in for {@code socket.write(buffers)} at a woven call site, where a buffer may be of a mapped file. */
    public static long write(SocketChannel socket, ByteBuffer[] buffers, String site) throws IOException {
        ReadaheadHooks installed = hooks;
        return installed == null || socket == null || buffers == null
                ? socket.write(buffers)
                : installed.write(socket, buffers, 0, buffers.length, site);
    }

    /** The same for {@code socket.write(buffers, offset, length)}. */
    public static long write(SocketChannel socket, ByteBuffer[] buffers, int offset, int length, String site) throws IOException {
        ReadaheadHooks installed = hooks;
        return installed == null || socket == null || buffers == null
                ? socket.write(buffers, offset, length)
                : installed.write(socket, buffers, offset, length, site);
    }

    /** The same for {@code socket.write(buffer)}. */
    public static int write(SocketChannel socket, ByteBuffer buffer, String site) throws IOException {
        ReadaheadHooks installed = hooks;
        return installed == null || socket == null || buffer == null || !buffer.isDirect()
                ? socket.write(buffer)
                : installed.write(socket, buffer, site);
    }

    /**
     * Called where a layer of a server's own was handed buffers, of which some may be of a mapped file, and is about to read them.
     *
     * @param adapter the number of the adapter that knows this way
     * @param receiver the layer
     * @return what it may read of them; null where that is nothing, and it is told when to go on. Given to {@link #flushed} afterwards
     */
    public static ByteBuffer[] part(int adapter, Object receiver, ByteBuffer[] buffers) {
        ReadaheadHooks installed = hooks;
        if (buffers.length == 0 || installed == null) {    // of a null the original method throws the same
            return buffers;
        }
        return installed.part(adapter, receiver, buffers);
    }

    /**
     * Called with whether all of that was taken: gives the last buffer its own end back, also where there is nobody left to ask.
     *
     * @return whether all was taken that the layer was handed
     */
    public static boolean flushed(boolean all, int adapter, Object receiver, ByteBuffer[] buffers) {
        int last = buffers.length - 1;
        boolean isPart = last >= ReadaheadHooks.PART_ENDS_WITH && buffers[last] == ReadaheadHooks.PART;
        if (!isPart && (last < ReadaheadHooks.PART_ENDS_WITH || buffers[last] != ReadaheadHooks.ALL)) {
            return all;
        }
        ByteBuffer mapped = buffers[last - ReadaheadHooks.PART_ENDS_WITH];
        mapped.limit(buffers[last - 1].limit());
        ReadaheadHooks installed = hooks;
        if (installed != null) {
            installed.flushed(adapter, receiver, mapped);
        }
        return all && !isPart;
    }

    /**
     * Called where a buffer is handed on to be sent, by somebody who has done with it.
     *
     * @return the buffer; where it is of a mapped file and larger than what is left of it, one that has that and no more, and of the
     *     buffer itself nothing is left
     */
    public static ByteBuffer ownPart(ByteBuffer buffer) {
        ReadaheadHooks installed = hooks;
        if (installed == null || buffer == null || buffer.remaining() == buffer.capacity() || !installed.isMapped(buffer)) {
            return buffer;
        }
        ByteBuffer part = buffer.slice();
        buffer.position(buffer.limit());
        return part;
    }

    /** Called where such a layer is about to see to it that it is called again. @return whether it is told when to go on */
    public static boolean parked(int adapter, Object receiver) {
        ReadaheadHooks installed = hooks;
        return installed != null && installed.parked(adapter, receiver);
    }

    /**
     * Called where a server is about to throw because nothing of a file was sent and the file ends before what it was to send.
     *
     * <p>Errors: the failure, unless nothing was sent because those bytes are cold; they come later, and the failure after them.
     *
     * @param failure declared as Throwable so that verifying the woven class loads no class of exceptions
     * @param position in the file
     */
    public static void throwUnlessLater(Throwable failure, FileChannel file, long position) throws Throwable {
        ReadaheadHooks installed = hooks;
        if (installed == null || !installed.saidLater(file, position)) {
            throw failure;
        }
    }

    /** Called by the woven {@code SelectionKeyImpl.translateInterestOps()} with what it was about to return. */
    public static int interestEvents(SelectionKey key, int events) {
        ReadaheadHooks installed = hooks;
        return installed == null ? events : installed.interestEvents(key, events);
    }

    /** Reached through a private lookup by the agent alone; null makes every method a pass-through again. */
    static void install(ReadaheadHooks newHooks) {
        hooks = newHooks;
    }
}
