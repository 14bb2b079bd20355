package io.readahead.transfer;

import io.readahead.jdk.JdkInternals;
import io.readahead.os.FileFacts;
import io.readahead.os.Residency;
import java.nio.channels.FileChannel;
import java.util.HashSet;
import java.util.Set;

/**
 * The file that a stream sends, and the questions about it: how long it is, what the page cache has of it.
 *
 * <p>Threads: under the stream's monitor.
 */
final class SentFile {

    private final Stream.Shared shared;
    private final FileFacts facts = new FileFacts();
    private FileChannel channel;
    /** The thread that sends does so on a blocking target: it may itself come to the kernel's marks, and read. */
    private boolean mayWait;
    private Set<Long> coldSeen;

    SentFile(Stream.Shared shared) {
        this.shared = shared;
    }

    boolean is(FileChannel other) {
        return channel == other;
    }

    /** Null between files. */
    FileChannel channel() {
        return channel;
    }

    /** Another one, or none. */
    void take(FileChannel other) {
        channel = other;
        facts.clear();
        coldSeen = shared.debugCold() ? new HashSet<>() : null;
    }

    void readerMayWait(boolean may) {
        mayWait = may;
    }

    boolean readerMayWait() {
        return mayWait;
    }

    /** What {@link #look} found last. */
    FileFacts facts() {
        return facts;
    }

    /** Asks for its facts as of now. @return whether they are to be had */
    boolean look() {
        return shared.posix().stat(JdkInternals.descriptorOf(channel), facts) >= 0;
    }

    /** Whether its last known length ends there, or before. */
    boolean endsAt(long position) {
        return facts.sizeBytes() > 0 && position >= facts.sizeBytes();
    }

    /**
     * What can be sent from there on.
     *
     * @param sized whether the facts are of this moment
     * @return as {@link Residency} says it
     */
    long probe(long position, long length, boolean sized) {
        if (shared.debugCold() && coldSeen.add(position)) {
            return 0;
        }
        int fd = JdkInternals.descriptorOf(channel);
        if (!sized) {
            return shared.residency().readablePrefix(fd, position, length);
        }
        // The count may reach past the end of the file, where no page is.
        long there = Math.min(length, facts.sizeBytes() - position);
        return shared.debugCold() || mayWait ? shared.residency().readablePrefix(fd, position, there, facts)
                : shared.residency().sendablePrefix(fd, position, there, facts);
    }

    /**
     * The same of what was known already.
     *
     * @param goneOver whether a readahead thread has been over all of it
     */
    long probeAgain(long position, long length, boolean goneOver) {
        int fd = JdkInternals.descriptorOf(channel);
        if (goneOver || mayWait || !look() || position + length > facts.sizeBytes()) {
            return shared.residency().readablePrefix(fd, position, length, facts);
        }
        return shared.residency().sendablePrefix(fd, position, length, facts);
    }
}
