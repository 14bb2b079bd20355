package io.readahead.transfer;

import io.readahead.jdk.JdkInternals;
import io.readahead.os.FileFacts;
import io.readahead.os.Mapping;
import io.readahead.os.Residency;
import io.readahead.warmup.Source;
import io.readahead.warmup.SourceFile;
import io.readahead.warmup.SourceMapping;
import java.nio.channels.Channel;
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
    private Channel channel;
    /** The same where it is mapped, or else null. */
    private Mapping mapping;
    /** The thread that sends does so on a blocking target: it may itself come to the kernel's marks, and read. */
    private boolean mayWait;
    private Set<Long> coldSeen;
    /** What was found in the page cache, piece by piece, and when the first of it was. */
    private long cachedFrom;
    private long cachedTo;
    private long cachedNanos;

    SentFile(Stream.Shared shared) {
        this.shared = shared;
    }

    boolean is(Channel other) {
        return channel == other;
    }

    /** Null between files. */
    Channel channel() {
        return channel;
    }

    /** Another one, or none. */
    void take(Channel other) {
        channel = other;
        mapping = other instanceof Mapping mapped ? mapped : null;
        facts.clear();
        cachedTo = 0;
        cachedFrom = 0;
        coldSeen = shared.debugCold() ? new HashSet<>() : null;
    }

    void readerMayWait(boolean may) {
        mayWait = may;
    }

    boolean readerMayWait() {
        return mayWait;
    }

    boolean isMapped() {
        return mapping != null;
    }

    /** The device of its store; of one that is mapped only once something of it was read ahead. */
    long device() {
        return isMapped() ? mapping.device() : facts.device();
    }

    /** As readahead threads read it. */
    Source source() {
        if (isMapped()) {
            mapping.locate(shared.posix());
            return new SourceMapping(mapping);
        }
        return new SourceFile((FileChannel) channel, facts.device());
    }

    /** What {@link #look} found last. */
    FileFacts facts() {
        return facts;
    }

    /** Asks for its facts as of now. @return whether they are to be had */
    boolean look() {
        if (isMapped()) {
            facts.set(true, mapping.bytes(), mapping.device());
            return true;
        }
        return shared.posix().stat(JdkInternals.descriptorOf((FileChannel) channel), facts) >= 0;
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
        if (isMapped()) {
            return mappedPrefix(position, length, shared.debugCold());
        }
        int fd = JdkInternals.descriptorOf((FileChannel) channel);
        if (!sized) {
            return shared.residency().readablePrefix(fd, position, length);
        }
        // The count may reach past the end of the file, where no page is.
        long there = Math.min(length, facts.sizeBytes() - position);
        long found = shared.debugCold() || mayWait ? shared.residency().readablePrefix(fd, position, there, facts)
                : shared.residency().sendablePrefix(fd, position, there, facts);
        if (found > 0) {
            isCached(position, position + found);
        }
        return noted(found, there);
    }

    /** Takes note of what a readahead thread found in memory a moment ago. */
    void wasCachedTo(long from, long to) {
        if (!isMapped() && !shared.debugCold()) {
            isCached(from, to);
        }
    }

    /** Takes note that some of it was not there, or may not have been: what was found before may be gone with it. */
    void wasAbsent() {
        cachedTo = 0;
        cachedFrom = 0;
        if (!isMapped()) {
            shared.residency().wasAbsent((FileChannel) channel);
        }
    }

    /** @param asked bytes; where the answer is of less, or of what may be marked, some page of it or behind it is absent */
    private long noted(long found, long asked) {
        if (found != Residency.UNKNOWN && (Residency.isToBeGoneOver(found) || found < asked)) {
            wasAbsent();
        }
        return found;
    }

    /** Of a file that is cached to its end, from where on, and for how long, is all that anybody needs to know. */
    private void isCached(long from, long to) {
        if (from != cachedTo || cachedFrom == cachedTo) {
            cachedFrom = from;
            cachedNanos = shared.nanoClock().getAsLong();
        }
        cachedTo = to;
        if (endsAt(to)) {
            shared.residency().cachedToItsEnd((FileChannel) channel, cachedFrom, facts, cachedNanos);
        }
    }

    /**
     * The same of what was known already.
     *
     * @param goneOver whether a readahead thread has been over all of it
     */
    long probeAgain(long position, long length, boolean goneOver) {
        if (isMapped()) {
            return mappedPrefix(position, length, goneOver);
        }
        int fd = JdkInternals.descriptorOf((FileChannel) channel);
        boolean mayBeMarked = !goneOver && !mayWait && look() && position + length <= facts.sizeBytes();
        long found = mayBeMarked ? shared.residency().sendablePrefix(fd, position, length, facts)
                : shared.residency().readablePrefix(fd, position, length, facts);
        return noted(found, length);
    }

    private long mappedPrefix(long position, long length, boolean goneOver) {
        return shared.residency().mappedPrefix(mapping, position, Math.min(length, mapping.bytes() - position), goneOver);
    }
}
