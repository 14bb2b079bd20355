package io.readahead.it.soak;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A body is taken for right only if each of its bytes is. */
class BodyCheckerTest {

    private static final int FILE = 7;
    private static final int VERSION = 3;
    private static final long FIRST = 4096;
    private static final int BYTES = 1000;

    private final BodyChecker checker = new BodyChecker(FILE, FIRST);

    private static byte[] content(int file, int version, long first, int bytes) {
        ByteBuffer buffer = ByteBuffer.allocate((bytes / SoakContent.WORD_BYTES + 1) * SoakContent.WORD_BYTES);
        SoakContent.fill(buffer, file, version, first, buffer.capacity());
        return Arrays.copyOf(buffer.array(), bytes);
    }

    private BodyChecker check(byte[] bytes) {
        checker.accept(bytes, bytes.length);
        return checker.finish();
    }

    @Test
    void theRightBytesAreRightHoweverTheyAreCut() {
        byte[] content = content(FILE, VERSION, FIRST, BYTES - 3);
        for (int from = 0, piece = 1; from < content.length; from += piece, piece += 4) {
            byte[] part = Arrays.copyOfRange(content, from, Math.min(content.length, from + piece));
            checker.accept(part, part.length);
        }
        assertNull(checker.finish().wrong());
        assertEquals(VERSION, checker.version());
        assertEquals(BodyChecker.NO_ZEROS, checker.zerosFrom());
    }

    @Test
    void oneWrongByteIsFoundWhereverItIs() {
        for (int at = 0; at < BYTES - 3; at++) {
            byte[] content = content(FILE, VERSION, FIRST, BYTES - 3);
            content[at] ^= 0x55;
            BodyChecker fresh = new BodyChecker(FILE, FIRST);
            fresh.accept(content, content.length);
            fresh.finish();
            assertTrue(fresh.wrong() != null || fresh.zerosFrom() != BodyChecker.NO_ZEROS, "byte " + at);
        }
    }

    @Test
    void bytesOfAnotherPlaceAreWrongAndTheMessageSaysWhence() {
        BodyChecker shifted = check(content(FILE, VERSION, FIRST + 64, BYTES));
        assertTrue(shifted.wrong().contains("file 7 version 3 position 4160"), shifted::wrong);
    }

    @Test
    void bytesOfAnotherFileAreWrong() {
        assertTrue(check(content(FILE + 1, VERSION, FIRST, BYTES)).wrong().contains("file 8"));
    }

    @Test
    void twoVersionsInOneBodyAreWrong() {
        byte[] first = content(FILE, VERSION, FIRST, 504);
        checker.accept(first, first.length);
        assertTrue(check(content(FILE, VERSION + 1, FIRST + 504, BYTES)).wrong().contains("version 4"));
    }

    @Test
    void zerosAreNotedWithTheirPlace() {
        byte[] content = content(FILE, VERSION, FIRST, BYTES);
        Arrays.fill(content, 512, 600, (byte) 0);
        assertEquals(FIRST + 512, check(content).zerosFrom());
        assertNull(checker.wrong());
    }
}
