package io.readahead.bridge;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectionKey;
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
     * Called where Netty's native epoll transport is about to hand a file region to sendfile(2).
     *
     * @return how many of the count bytes may be sent now; 0 where the region is cold
     */
    public static long admitRegion(Object channel, Object region, long base, long offset, long count) {
        ReadaheadHooks installed = hooks;
        return installed == null ? count : installed.admitRegion(channel, region, base + offset, count);
    }

    /** Called with what that sendfile(2) returned, which is returned again. */
    public static long noteRegion(long sent, Object channel, Object region, long base, long offset) {
        ReadaheadHooks installed = hooks;
        if (installed != null) {
            installed.noteRegion(channel, region, base + offset, sent);
        }
        return sent;
    }

    /**
     * Called where Netty is about to throw because nothing of a file region was sent and its file ends before it does.
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

    /**
     * Called where Kafka's TLS layer is about to read from a file.
     *
     * @return how many of the count bytes may be read now; 0 where they are cold
     */
    public static long admitRead(Object layer, FileChannel file, long position, long count) {
        ReadaheadHooks installed = hooks;
        return installed == null ? count : installed.admitRead(layer, file, position, count);
    }

    /** Called with how much of that was sent, which is returned again. */
    public static long noteRead(long sent, Object layer, FileChannel file, long position) {
        ReadaheadHooks installed = hooks;
        if (installed != null) {
            installed.noteRead(layer, file, position, sent);
        }
        return sent;
    }

    /**
     * Stands in for {@code file.read(buffer)} where Undertow sends the first bytes of a file together with the head of the answer.
     *
     * @param response what sends them
     * @return what the original call returned, possibly fewer bytes; 0 where they are cold
     */
    public static int readWithHead(FileChannel file, ByteBuffer buffer, Object response) throws IOException {
        ReadaheadHooks installed = hooks;
        return installed == null || file == null ? file.read(buffer) : installed.readWithHead(file, buffer, response);
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
