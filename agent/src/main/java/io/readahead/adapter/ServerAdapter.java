package io.readahead.adapter;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;

/**
 * What the agent knows of one way in which a server sends files: whose channel, which file, and how it is told "later".
 *
 * <p>Errors: an object of a class that has another shape than it knows is answered with null, and its calls pass through.
 * <p>Threads: event loops, in each woven call; {@link #retry()} says its own. Nothing here waits.
 */
public interface ServerAdapter {

    /** Where the server's calls are that the agent stands in for: class and method. */
    String site();

    /**
     * The channel that a woven call sends to. Asked only where something is woven for this way.
     *
     * @param receiver the object whose method holds the call
     * @return a channel of the JDK, or one of the server's own that {@link #retry()} takes; null where the call is to pass through
     */
    default Object channelOf(Object receiver) {
        return null;
    }

    /**
     * Why {@link #channelOf} knows no channel.
     *
     * @return the object whose class is not known: the receiver itself, or one behind it
     */
    default Object unknownTo(Object receiver) {
        return receiver;
    }

    /**
     * The JDK's channel of the file that a woven call reads.
     *
     * @param source what the call itself names, which is the file unless an adapter says otherwise
     * @return null where the call is to pass through
     * @throws IOException what opening it throws; the original call throws it again
     */
    default FileChannel fileOf(Object source) throws IOException {
        return (FileChannel) source;
    }

    /**
     * The channel behind a target of the server's own that is handed to {@code transferTo}.
     *
     * @return as {@link #channelOf}; null for any other target
     */
    default Object channelBehind(WritableByteChannel target) {
        return null;
    }

    /** How its own channels are told to try again. Asked only where {@link #channelOf} or {@link #channelBehind} gives such channels. */
    default Retry retry() {
        throw new IllegalStateException(site() + " sends to channels of the JDK alone");
    }

    /**
     * A call that sends to a channel of the server's own is about to be answered 0, its bytes being cold.
     *
     * <p>Threads: the one that makes the call.
     */
    default void saidLater(WritableByteChannel target) {
        // Most servers ask for writability after that, and are heard.
    }

    /** Whether an event loop itself encrypts all that a call may send before it comes to its other connections. */
    default boolean encryptsOnLoop() {
        return false;
    }

    /** Whether the end of a call is told of in any case, also where it throws. */
    default boolean tellsEachEnd() {
        return false;
    }

    /** Lets go of the server's classes. Threads: the one that takes the agent off. */
    void forget();
}
