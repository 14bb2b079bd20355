package io.readahead.it.soak;

import java.nio.ByteBuffer;

/**
 * What stands in the files: each word of 8 bytes says which file, which version of it, and which place it is.
 *
 * <p>Units: positions are bytes, and multiples of {@value #WORD_BYTES}; sizes too. File numbers begin at 1, so no word is 0.
 */
final class SoakContent {

    static final int WORD_BYTES = Long.BYTES;

    private static final int FILE_SHIFT = 48;
    private static final int VERSION_SHIFT = 32;
    private static final int SHORT_MASK = 0xffff;
    private static final long PLACE_MASK = 0xffff_ffffL;

    private SoakContent() {
    }

    /** The word at a position. */
    static long word(int file, int version, long position) {
        return (long) file << FILE_SHIFT | (long) version << VERSION_SHIFT | position / WORD_BYTES;
    }

    static int fileOf(long word) {
        return (int) (word >>> FILE_SHIFT);
    }

    static int versionOf(long word) {
        return (int) (word >>> VERSION_SHIFT) & SHORT_MASK;
    }

    static long positionOf(long word) {
        return (word & PLACE_MASK) * WORD_BYTES;
    }

    /** Fills the buffer from a position of the file on. */
    static ByteBuffer fill(ByteBuffer buffer, int file, int version, long position, int bytes) {
        buffer.clear().limit(bytes);
        for (long at = position; buffer.hasRemaining(); at += WORD_BYTES) {
            buffer.putLong(word(file, version, at));
        }
        return buffer.flip();
    }

    /** A word as it reads in a message. */
    static String describe(long word) {
        return word == 0 ? "zeros" : "file " + fileOf(word) + " version " + versionOf(word) + " position " + positionOf(word)
                + String.format(" (%016x)", word);
    }

    /** A size or position cut down to a whole word. */
    static long whole(long bytes) {
        return bytes / WORD_BYTES * WORD_BYTES;
    }
}
