package io.readahead.it.soak;

import java.util.Random;

/** Something that goes wrong around the servers. Threads: each has one of its own, {@link FaultDriver}'s. */
interface Fault {

    /** The least and the most milliseconds from one to the next. */
    record Pause(int least, int most) {
    }

    Pause pause();

    /** Does one. @return of which kind it was, for the count */
    String inject(Random random) throws Exception;

    /** Puts the world in order again. */
    default void end() throws Exception {
        // Most leave nothing behind.
    }
}
