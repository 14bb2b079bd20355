package io.readahead;

/**
 * Where random tests begin: at the same place in every build, so that one that fails says something of what was changed.
 *
 * <p>{@code -Dreadahead.test.seed=N} begins elsewhere, {@code random} somewhere; a test that fails names its N.
 */
public final class Seed {

    private static final long OF_EVERY_BUILD = 1;

    private Seed() {
    }

    /** The seed of this run. */
    public static long get() {
        String asked = System.getProperty("readahead.test.seed", "");
        if (asked.equals("random")) {
            return System.nanoTime();
        }
        return asked.isEmpty() ? OF_EVERY_BUILD : Long.parseLong(asked);
    }

    /** Whether one particular run is to be repeated. */
    public static boolean repeats() {
        return System.getProperty("readahead.test.seed", "").matches("-?\\d+");
    }
}
