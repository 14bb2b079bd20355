package io.readahead.os;

import java.nio.ByteBuffer;

/**
 * Looks for an address among the lines of {@code /proc/self/maps}, as they come in pieces.
 *
 * <p>Source: proc_pid_maps(5): {@code 7f12a0000000-7f12a4000000 r--s 00000000 fd:01 393449 /srv/file}.
 * <p>Threads: one.
 */
final class MemoryMapLines {

    private static final int HEX = 16;
    private static final int FIELD_DEVICE = 3;

    private final long address;
    private int field;
    private long number;
    private long begin;
    private long end;
    private long major;
    private boolean found;
    private long device;

    MemoryMapLines(long address) {
        this.address = address;
    }

    boolean found() {
        return found;
    }

    /** As {@link FileFacts#device()} says it. */
    long device() {
        return device;
    }

    /** Looks at the next piece. @return whether the line was found */
    boolean take(ByteBuffer piece, int bytes) {
        for (int i = 0; i < bytes && !found; i++) {
            take((char) piece.get(i));
        }
        return found;
    }

    private void take(char next) {
        int digit = Character.digit(next, HEX);
        if (next == '\n') {
            field = 0;
            number = 0;
        } else if (field > FIELD_DEVICE) {
            return;
        } else if (next == ' ') {
            fieldEnds();
            field++;
            number = 0;
        } else if (next == '-' && field == 0) {
            begin = number;
            number = 0;
        } else if (next == ':') {
            major = number;
            number = 0;
        } else if (digit >= 0) {
            number = number * HEX + digit;
        }
    }

    private void fieldEnds() {
        if (field == 0) {
            end = number;
        } else if (field == FIELD_DEVICE && address >= begin && address < end) {
            device = major << Integer.SIZE | number;
            found = true;
        }
    }
}
