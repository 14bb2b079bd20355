package io.readahead.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PathHashTest {

    private static final String PATH = "/srv/www/static/some folder/\u00e9t\u00e9/a file of a name that is long.html";
    private static final String NOT_LATIN = PATH.replace("file", "\u0444\u0430\u0439\u043b \ud83d\ude00");

    private final PathHash hash = new PathHash(new SplittableRandom(1));

    @Test
    void thePathCountsAndNotItsString() {
        for (String path : new String[] {PATH, NOT_LATIN, ""}) {
            assertEquals(hash.of(path), hash.of(new StringBuilder(path).toString()));
        }
        assertEquals(hash.of(PATH), hash.of((NOT_LATIN + PATH).substring(NOT_LATIN.length())));
    }

    @Test
    void eachLengthIsAnother() {
        Set<Long> all = new HashSet<>();
        for (int length = 0; length <= PATH.length(); length++) {
            assertTrue(all.add(hash.of(PATH.substring(0, length))));
            assertTrue(all.add(hash.of("\u0416".repeat(length + 1))));
            assertTrue(all.add(hash.of("\0".repeat(length + 1))), "not even chars of no bits are nothing");
        }
    }

    @Test
    void eachCharAndItsPlaceCounts() {
        for (String path : new String[] {PATH, NOT_LATIN}) {
            Set<Long> all = new HashSet<>(Set.of(hash.of(path)));
            for (int at = 0; at < path.length(); at++) {
                for (int bit = 0; bit < Character.SIZE; bit++) {
                    StringBuilder other = new StringBuilder(path);
                    other.setCharAt(at, (char) (path.charAt(at) ^ 1 << bit));
                    assertTrue(all.add(hash.of(other.toString())), () -> "of " + other);
                }
            }
        }
        assertNotEquals(hash.of("/a/b"), hash.of("/b/a"));
        assertNotEquals(hash.of("Aa"), hash.of("BB"));
    }

    @Test
    void eachProcessHasItsOwn() {
        assertNotEquals(hash.of(PATH), new PathHash(new SplittableRandom(2)).of(PATH));
        assertNotEquals(new PathHash().of(PATH), new PathHash().of(PATH));
        assertNotEquals(new PathHash().of(""), new PathHash().of(""));
    }

    @Test
    void numberedPathsAreSpreadEvenly() {
        int paths = 64_000;
        int[] upper = new int[64];
        int[] lower = new int[64];
        Set<Long> all = new HashSet<>();
        for (int number = 0; number < paths; number++) {
            long of = hash.of("/srv/www/" + number);
            assertTrue(all.add(of));
            upper[(int) (of >>> 58)]++;
            lower[(int) of & 63]++;
        }
        for (int part = 0; part < 64; part++) {
            assertEquals(1000, upper[part], 200);
            assertEquals(1000, lower[part], 200);
        }
    }

    @Test
    void twoNumbersAreNotOneAnother() {
        assertNotEquals(hash.of(1, 2), hash.of(2, 1));
        assertNotEquals(hash.of(0, 1), hash.of(1, 0));
        assertEquals(hash.of(1, 2), hash.of(1, 2));
    }
}
