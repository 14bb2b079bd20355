package io.readahead.it.soak;

import java.nio.ByteBuffer;

/**
 * Compares a body with what the file has at that place, byte for byte, while it comes.
 *
 * <p>The first word tells the version; all others must be of that one. Zeros are noted apart: where a file is truncated, the kernel
 * clears the rest of its last page, which may be on its way in a socket at that moment.
 * <p>Threads: the client's.
 */
final class BodyChecker {

    /** No word has come that says which version it is. */
    static final int NO_VERSION = -1;
    /** No zeros have come. */
    static final long NO_ZEROS = Long.MAX_VALUE;

    private final int file;
    private final long first;
    private long position;
    private int version = NO_VERSION;
    private long zerosFrom = NO_ZEROS;
    private String wrong;
    private long partialWord;
    private int partialBytes;

    /** @param first where in the file the body begins; a multiple of 8 */
    BodyChecker(int file, long first) {
        this.file = file;
        this.first = first;
        this.position = first;
    }

    /** Takes the next bytes of the body. */
    void accept(byte[] bytes, int length) {
        ByteBuffer in = ByteBuffer.wrap(bytes, 0, length);
        while (in.hasRemaining()) {
            if (partialBytes == 0 && in.remaining() >= SoakContent.WORD_BYTES) {
                check(in.getLong(), SoakContent.WORD_BYTES);
            } else {
                partialWord = partialWord << Byte.SIZE | in.get() & 0xff;
                if (++partialBytes == SoakContent.WORD_BYTES) {
                    check(partialWord, SoakContent.WORD_BYTES);
                    partialWord = 0;
                    partialBytes = 0;
                }
            }
        }
    }

    /** The body has ended: compares the bytes of a word that did not come whole. */
    BodyChecker finish() {
        if (partialBytes > 0) {
            check(partialWord << Byte.SIZE * (SoakContent.WORD_BYTES - partialBytes), partialBytes);
            partialBytes = 0;
        }
        return this;
    }

    private void check(long word, int bytes) {
        if (version == NO_VERSION && word != 0 && bytes == SoakContent.WORD_BYTES) {
            version = SoakContent.versionOf(word);
        }
        long expected = SoakContent.word(file, version == NO_VERSION ? SoakContent.versionOf(word) : version, position);
        if (word != expected && wrong == null) {
            compareBytes(word, expected, bytes);
        }
        position += bytes;
    }

    private void compareBytes(long word, long expected, int bytes) {
        for (int i = 0; i < bytes; i++) {
            int shift = Byte.SIZE * (SoakContent.WORD_BYTES - 1 - i);
            long got = word >>> shift & 0xff;
            if (got == 0 && (expected >>> shift & 0xff) != 0) {
                zerosFrom = Math.min(zerosFrom, position);
            } else if (got != (expected >>> shift & 0xff)) {
                wrong = "at position " + position + " of " + SoakContent.describe(expected) + " came " + SoakContent.describe(word)
                        + ", " + (position - first) + " bytes into the body";
                return;
            }
        }
    }

    /** The version that came; {@link #NO_VERSION} where no whole word did. */
    int version() {
        return version;
    }

    /** The position of the first zeros; {@link #NO_ZEROS} where none came. */
    long zerosFrom() {
        return zerosFrom;
    }

    /** What came that is neither the file nor zeros; null where nothing did. */
    String wrong() {
        return wrong;
    }
}
