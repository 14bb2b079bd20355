package io.readahead.adapter;

import java.nio.channels.FileChannel;

/**
 * An object of a server's that reads a file chunk by chunk.
 *
 * <p>Units: bytes. Threads: those that ask it for chunks; nothing here reads the file, or allocates.
 */
public interface FileChunks {

    /** The JDK's channel of the file; null where it reads none. */
    FileChannel file();

    /** Where in the file its next read begins. */
    long position();

    /** Where in the file its last one ends; {@link Long#MAX_VALUE} where that is the file's end. */
    long end();

    /** The most that one call reads, those included that it makes to see whether there is more. */
    long reachBytes();

    /** Whether it reads to say if there are further bytes. */
    default boolean readsToLook() {
        return false;
    }

    /** Whether methods of the application's own have the calls first, which hand them on to the server's, or read something else. */
    default boolean mayReadElsewhere() {
        return false;
    }

    /** Whether objects of their classes were seen to hand calls on. */
    default boolean wasSeenToRead() {
        return !mayReadElsewhere();
    }

    /** This one was. */
    default void seenToRead() {
        // Nothing was in doubt.
    }
}
