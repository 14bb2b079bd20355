package io.readahead.transfer;

import io.readahead.adapter.Adapters;
import io.readahead.adapter.ChunkAdapter;
import io.readahead.adapter.FileChunks;
import io.readahead.observe.Counters;
import java.io.IOException;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.nio.channels.FileChannel;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;

/**
 * Files that a server has read chunk by chunk: how far each may be read without asking again.
 *
 * <p>A stream is asked once for half of what it answers, {@value #LEAST_KIB} KB to 1 MB, and not for each chunk of 1 to 8 KB; what
 * lies between costs a look-up and a comparison. It is asked from where the last answer ended, and not from where the next chunk begins,
 * so that a chunk that goes over the end of a window waits for its second half.
 *
 * <p>What was waited for is given in turns of {@value #LEAST_KIB} KB, between which the event loop comes to its other connections: the
 * windows of several readers end together, and to encrypt 8 of 1 MB one after the other takes some 10 ms.
 *
 * <p>One that may read something else instead is not kept waiting for this file before it was seen to read it: the first of its class reads
 * one chunk as it always did. Who reads without moving is counted as passed through, once for each stream.
 *
 * <p>Threads: the server's, one at a time for each receiver; {@link #sweep} is the watchdog's.
 */
final class ChunkedReads {

    private static final int LEAST_KIB = 128;
    private static final long LEAST_PIECE_BYTES = LEAST_KIB * 1024;
    private static final long LARGEST_PIECE_BYTES = 1024 * 1024;
    /** So that a stream hears in time how far its reader came, and has its next window read meanwhile. */
    private static final int PIECES = 2;
    private static final long NOTHING = -1;

    private final Streams streams;
    private final Admission admission;
    private final Counters counters;
    /** Says, and takes note, that a file is none whose pages can be read ahead. */
    private final BiPredicate<FileChannel, String> isNotHelped;
    private final ConcurrentHashMap<Object, Reader> readers = new ConcurrentHashMap<>();

    ChunkedReads(Streams streams, Admission admission, Counters counters, BiPredicate<FileChannel, String> isNotHelped) {
        this.streams = streams;
        this.admission = admission;
        this.counters = counters;
        this.isNotHelped = isNotHelped;
    }

    /** What is known of the one that reads for a receiver. All but {@link #knownTo} belongs to the thread that asks. */
    private static final class Reader {
        private final ChunkAdapter adapter;
        /** Null where it is not helped. */
        private final Object source;
        /** The source that is not helped, as long as somebody else has it: to be told of once. */
        private final Reference<Object> unhelped;
        /** Null where it is not helped. */
        private final FileChunks chunks;
        private final boolean readsToLook;
        private final long reachBytes;
        private final long end;
        /** What was admitted and not yet told as sent. */
        private long admittedFrom;
        private long admittedTo;
        private long withheldFrom = NOTHING;
        /** Up to there it takes turns. */
        private long inTurnsTo;
        private long turnTo;
        private boolean awaitsTurn;
        /** The file's, when it was last asked for it. */
        private long fileBytes;
        private final boolean watched;
        /** It reads the file, as far as was seen. */
        private boolean trusted;
        /** Where it stood when it was last let read. */
        private long calledAt = NOTHING;
        private boolean counted;
        /** May be read up to there; the watchdog takes it away, for nobody knows for how long it holds. */
        private volatile long knownTo = NOTHING;

        Reader(ChunkAdapter adapter, Object source, FileChunks chunks) {
            this.adapter = adapter;
            this.source = chunks == null ? null : source;
            this.unhelped = chunks == null ? new WeakReference<>(source) : null;
            this.chunks = chunks;
            this.readsToLook = chunks != null && chunks.readsToLook();
            this.reachBytes = chunks == null ? 0 : chunks.reachBytes();
            this.end = chunks == null ? 0 : chunks.end();
            this.admittedFrom = chunks == null ? 0 : chunks.position();
            this.admittedTo = admittedFrom;
            this.watched = chunks != null && chunks.mayReadElsewhere();
            this.trusted = !watched || chunks.wasSeenToRead();
        }

        boolean isFor(Object asked) {
            return (unhelped == null ? source : unhelped.get()) == asked;
        }

        /** Whether there is nothing left to ask it. */
        boolean isOver(Object receiver) {
            return unhelped != null && unhelped.get() == null || chunks != null && !chunks.file().isOpen()
                    || adapter.channelOf(receiver) == null || !adapter.retry().isOpen(receiver);
        }

        /** The file's length, asked for again only where it was less: of one that was cut the stream says so. */
        private long fileBytes(long least) throws IOException {
            if (fileBytes < least) {
                fileBytes = chunks.file().size();
            }
            return fileBytes;
        }
    }

    /**
     * Whether a call comes too early, its bytes being cold; the receiver is parked then.
     *
     * @param source the object that is asked for chunks, which may be the receiver itself
     * @param reads whether the call reads the next chunk; else it asks whether there is one, and later means yes
     */
    boolean isEarly(ChunkAdapter adapter, Object receiver, Object source, boolean reads) throws IOException {
        Reader reader = readers.get(receiver);
        if (reader == null || !reader.isFor(source)) {
            reader = open(adapter, receiver, source);
        }
        FileChunks chunks = reader.chunks;
        if (chunks == null || !reads && !reader.readsToLook) {
            return false;
        }
        long position = chunks.position();
        if (!reader.watched) {
            return isEarly(receiver, reader, position, reads);
        }
        watch(receiver, reader, position, reads);
        if (!reads && reader.calledAt != NOTHING) {
            return false;    // it may know an end of its own
        }
        boolean early = reader.trusted && isEarly(receiver, reader, position, reads);
        if (reads) {
            reader.calledAt = early ? NOTHING : position;
        }
        return early;
    }

    private boolean isEarly(Object receiver, Reader reader, long position, boolean reads) throws IOException {
        long wantedTo = Math.min(position + reader.reachBytes, reader.end);
        if (wantedTo <= reader.knownTo || wantedTo <= position) {
            return false;
        }
        FileChannel file = reader.chunks.file();
        // Whoever asks an interrupted thread's file for its size closes it.
        if (!file.isOpen() || Thread.currentThread().isInterrupted()) {
            return false;
        }
        if (!reads) {
            return position < file.size();
        }
        return !admit(receiver, reader, position, Math.min(wantedTo, Math.max(reader.fileBytes(wantedTo), position + 1)));
    }

    /** What its last call has shown. */
    private void watch(Object receiver, Reader reader, long position, boolean reads) {
        if (reader.calledAt == NOTHING) {
            return;
        }
        if (position != reader.calledAt) {
            reader.trusted = true;
            reader.chunks.seenToRead();
        } else if (reads && position < reader.end) {
            reader.trusted = false;
            if (!reader.counted) {
                reader.counted = true;
                Adapters.passed(counters.passedThrough, reader.adapter, receiver, reader.source);
            }
        }
    }

    private boolean admit(Object receiver, Reader reader, long position, long wantedTo) {
        FileChannel file = reader.chunks.file();
        if (reader.awaitsTurn) {
            return false;
        }
        tellSent(receiver, reader, position);
        while (reader.admittedTo < wantedTo) {
            long from = reader.admittedTo;
            if (reader.withheldFrom == from && isParked(receiver)) {
                return false;
            }
            if (from < reader.inTurnsTo && from >= reader.turnTo && leavesTurn(receiver, reader, from)) {
                return false;
            }
            long admitted = admission.admitOrPark(receiver, reader.adapter, file, from, reader.end - from,
                    reader.adapter.site());
            if (admitted == Stream.WAIT) {
                reader.withheldFrom = from;
                reader.inTurnsTo = from + LARGEST_PIECE_BYTES;
                reader.turnTo = from + LEAST_PIECE_BYTES;
                return false;
            }
            reader.withheldFrom = NOTHING;
            reader.admittedTo = from + Math.min(admitted, from < reader.inTurnsTo ? LEAST_PIECE_BYTES : pieceOf(admitted));
            if (reader.admittedTo < wantedTo || reader.admittedTo == reader.end) {
                streams.sent(receiver, file, from, reader.admittedTo - from, true);
                reader.admittedFrom = reader.admittedTo;
            }
        }
        reader.knownTo = reader.admittedTo;
        return true;
    }

    /** Ends a turn, where its event loop comes back to it. @return whether it does */
    private static boolean leavesTurn(Object receiver, Reader reader, long from) {
        reader.turnTo = from + LEAST_PIECE_BYTES;
        reader.awaitsTurn = true;    // first: another thread may begin the turn at once
        boolean leaves = reader.adapter.askAgain(receiver, () -> reader.awaitsTurn = false);
        if (!leaves) {
            reader.awaitsTurn = false;
        }
        return leaves;
    }

    private static long pieceOf(long admitted) {
        return Math.min(Math.max(admitted / PIECES, LEAST_PIECE_BYTES), LARGEST_PIECE_BYTES);
    }

    /** Tells the stream how far it came; where the answer has become old, it is asked again from there. */
    private void tellSent(Object receiver, Reader reader, long position) {
        boolean old = reader.withheldFrom == NOTHING && reader.knownTo == NOTHING;
        long sentTo = old ? Math.min(position, reader.admittedTo) : reader.admittedTo;
        if (sentTo > reader.admittedFrom) {
            streams.sent(receiver, reader.chunks.file(), reader.admittedFrom, sentTo - reader.admittedFrom, !old);
        }
        if (old || position > reader.admittedTo) {
            reader.admittedTo = position;
        }
        reader.admittedFrom = reader.admittedTo;
    }

    /** Asked again while it waits for the same, which other events of its connection make it do, it goes on waiting. */
    private boolean isParked(Object receiver) {
        Stream stream = streams.known(receiver);
        return stream != null && stream.target().isParked();
    }

    private Reader open(ChunkAdapter adapter, Object receiver, Object source) throws IOException {
        FileChunks chunks = adapter.channelOf(receiver) == null ? null : adapter.open(source);
        if (chunks == null) {
            Adapters.passed(counters.passedThrough, adapter, receiver, source);
        } else if (isNotHelped.test(chunks.file(), adapter.site())) {
            chunks = null;
        }
        Reader reader = new Reader(adapter, source, chunks);
        readers.put(receiver, reader);
        return reader;
    }

    /** A receiver has come to the end of what it read. */
    void through(Object receiver) {
        if (readers.remove(receiver) != null) {
            streams.through(receiver);
        }
    }

    /** Has old answers asked again, and lets go of what is closed. Threads: the watchdog, once a second. */
    void sweep() {
        readers.forEach((receiver, reader) -> {
            if (reader.isOver(receiver)) {
                readers.remove(receiver, reader);
            } else {
                reader.knownTo = NOTHING;
            }
        });
    }

    /** Lets go of everything. */
    void stop() {
        readers.clear();
    }
}
