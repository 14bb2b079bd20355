package io.readahead.os;

import java.util.SplittableRandom;

/**
 * 64 bits that stand for a path.
 *
 * <p>Problem: to compare two paths is to fetch both, each a cache miss or two away. Choice: two paths of the same 64 bits are taken for
 * one. Nobody can look for such a pair, for each process has its own secrets; by chance one in 2^64 is one, so that among a million paths
 * and 65,536 that are known the odds are 1 to 280 million. The halves of a 128 bit product are folded, eight chars for each: some 35 ns for
 * a path of 60.
 *
 * <p>The secrets are those of {@link SplittableRandom}: they come from the clocks and are not for cryptography, as
 * {@link java.security.SecureRandom}'s are, the first of which takes 40 ms of CPU at start-up.
 *
 * <p>Threads: any.
 */
final class PathHash {

    private static final int HALF_BLOCK = Long.SIZE / Character.SIZE;
    private static final int BLOCK = 2 * HALF_BLOCK;

    private final long first;
    private final long second;
    private final long third;

    PathHash() {
        this(new SplittableRandom());
    }

    PathHash(SplittableRandom secrets) {
        first = secrets.nextLong();
        second = secrets.nextLong();
        third = secrets.nextLong();
    }

    /** Of a path. */
    long of(String path) {
        int length = path.length();
        long hash = first ^ length;
        int at = 0;
        for (; at <= length - BLOCK; at += BLOCK) {
            hash = folded(hash ^ chars(path, at), second ^ chars(path, at + HALF_BLOCK));
        }
        long low = 0;
        long high = 0;
        for (; at < length; at++) {
            high = high << Character.SIZE | low >>> Long.SIZE - Character.SIZE;
            low = low << Character.SIZE | path.charAt(at);
        }
        return folded(folded(hash ^ low, second ^ high), third);
    }

    /** Of two numbers. */
    long of(long one, long other) {
        return folded(one ^ first, other ^ second);
    }

    private static long chars(String path, int at) {
        return path.charAt(at) | (long) path.charAt(at + 1) << 16 | (long) path.charAt(at + 2) << 32 | (long) path.charAt(at + 3) << 48;
    }

    private static long folded(long one, long other) {
        return Math.multiplyHigh(one, other) ^ one * other;
    }
}
