package io.readahead.kit;

/**
 * How much longer than on a real machine the kit waits for what hangs, before it gives up.
 *
 * <p>An emulated machine is slower by no constant factor, and more so where others use the one below it. No figure depends on this.
 */
final class Patience {

    /** A factor; 1 where {@code readahead.kit.patience} says nothing. */
    static final int TIMES = Integer.getInteger("readahead.kit.patience", 1);

    private Patience() {
    }
}
