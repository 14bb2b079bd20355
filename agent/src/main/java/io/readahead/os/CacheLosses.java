package io.readahead.os;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Says whether pages have left the page cache since it was last asked.
 *
 * <p>Reclaim counts what it takes, for whichever cgroup it does so, and so do drop_caches and who throws inodes away. What was taken out
 * with {@code POSIX_FADV_DONTNEED}, {@code MADV_PAGEOUT} or a write past the page cache is counted nowhere: seen is only that the cache
 * has become smaller by {@value #FEWEST_PAGES} pages or more than it was at its largest since the last loss, which it does too where a
 * file is deleted.
 *
 * <p>Errors: none; a kernel that doesn't count (before 5.8), and one that is not let in on it, has always lost some. Threads: one at a
 * time; an answer costs some 10 us of CPU, more on a host of many CPUs, and waits for no disk.
 * <p>Source: vm_event_item.h; {@code pgsteal_file} is counted where {@code pgsteal_kswapd} and {@code pgsteal_direct} are not, by who
 * reclaims for a cgroup: shrink_inactive_list() and evict_folios() in mm/vmscan.c.
 */
final class CacheLosses implements AutoCloseable {

    private static final String COUNTS = "/proc/vmstat";
    private static final int FEWEST_PAGES = 256;
    private static final int MOST_BYTES = 64 << 10;
    private static final byte[] RECLAIMED = name("pgsteal_file");
    private static final byte[][] LOST = {RECLAIMED, name("drop_pagecache"), name("pginodesteal"), name("kswapd_inodesteal")};
    private static final byte[] CACHED = name("nr_file_pages");
    private static final long NOT_THERE = -1;

    private final String path;
    private byte[] text = new byte[MOST_BYTES / 8];
    private int end;
    private RandomAccessFile counts;
    private long lost = NOT_THERE;
    private long mostCached;

    CacheLosses() {
        this(COUNTS);
    }

    /** @param path where the kernel's counts are */
    CacheLosses(String path) {
        this.path = path;
    }

    /** Whether something is lost, or may be; the first answer is that it may. */
    boolean look() {
        long lostBefore = lost;
        try {
            read();
        } catch (IOException | SecurityException unreadable) {
            end = 0;
        }
        lost = value(RECLAIMED) == NOT_THERE ? NOT_THERE : 0;
        for (byte[] name : LOST) {
            lost += lost == NOT_THERE ? 0 : Math.max(0, value(name));
        }
        long cached = value(CACHED);
        mostCached = Math.max(mostCached, cached);
        if (lost != NOT_THERE && lost == lostBefore && mostCached - cached < FEWEST_PAGES) {
            return false;
        }
        mostCached = cached;
        return true;
    }

    /** Whether the last answer was counted, and is not only a guess. */
    boolean counted() {
        return lost != NOT_THERE;
    }

    private void read() throws IOException {
        if (counts == null) {
            counts = new RandomAccessFile(path, "r");
        }
        counts.seek(0);
        end = 0;
        int more = counts.read(text, 0, text.length);
        while (more > 0) {
            end += more;
            if (end == text.length) {
                if (end >= MOST_BYTES) {
                    return;
                }
                text = Arrays.copyOf(text, 2 * end);
            }
            more = counts.read(text, end, text.length - end);
        }
    }

    /** The number behind a name and a blank at the beginning of a line. */
    private long value(byte[] name) {
        for (int line = 0; line < end; line++) {
            int at = line;
            while (at < end && at - line < name.length && text[at] == name[at - line]) {
                at++;
            }
            if (at - line == name.length) {
                return number(at);
            }
            while (at < end && text[at] != '\n') {
                at++;
            }
            line = at;
        }
        return NOT_THERE;
    }

    private long number(int from) {
        long number = 0;
        for (int at = from; at < end && text[at] >= '0' && text[at] <= '9'; at++) {
            number = number * 10 + text[at] - '0';
        }
        return number;
    }

    private static byte[] name(String name) {
        return (name + ' ').getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws IOException {
        if (counts != null) {
            counts.close();
            counts = null;
        }
    }
}
