package io.readahead.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What kernels with pages of 16 and 64 KB count, as pages of 4 KB. */
class PagesTest {

    private static final int FILE_PAGES = 70;

    @Test
    void ofPagesOfFourKilobytesNothingIsChanged() {
        assertEquals(5, Pages.counted(5, Pages.BYTES, 100, 40_000));
        assertEquals(-Errno.EPERM, Pages.counted(-Errno.EPERM, Pages.BYTES, 0, 1));
    }

    /** What the agent asks of the answer: is it all, and how far does a beginning go that is there. */
    @ParameterizedTest
    @ValueSource(longs = {16 << 10, 64 << 10})
    void allIsAllAndABeginningEndsWhereItDoes(long kernelBytes) {
        for (int first = 0; first < FILE_PAGES; first++) {
            for (int pages = 1; first + pages <= FILE_PAGES; pages++) {
                // Neither of them at the edge of a page.
                long position = first * Pages.BYTES + 7;
                long length = (pages - 1) * Pages.BYTES + 11;
                long end = position + length;
                long all = (end - 1) / kernelBytes - position / kernelBytes + 1;
                assertEquals(Pages.in(position, length), Pages.counted(all, kernelBytes, position, length), "all of them");
                assertEquals(0, Pages.counted(0, kernelBytes, position, length), "none");
                for (long there = 1; there < all; there++) {
                    long counted = Pages.counted(there, kernelBytes, position, length);
                    assertTrue(counted < Pages.in(position, length), "less than all");
                    assertEquals((position / kernelBytes + there) * kernelBytes - position, Pages.bytesFrom(position, counted));
                }
            }
        }
    }

    @Test
    void anErrorStaysOne() {
        assertEquals(-Errno.EPERM, Pages.counted(-Errno.EPERM, 64 << 10, 0, 1 << 20));
    }
}
