package io.readahead.it.soak;

import java.util.concurrent.TimeUnit;

/**
 * How long, how many, and from which seed on.
 *
 * <p>Properties: {@code soak.seconds}, or {@code soak.minutes} which wins; {@code soak.seed}, else 1; {@code soak.connections}
 * to all servers together; {@code soak.agent=false} for the control.
 */
record SoakPlan(long seconds, long seed, int connections, boolean agent) {

    private static final int DEFAULT_CONNECTIONS = 120;
    private static final int DEFAULT_SECONDS = 120;
    /** The same in every build; hours are worth more with another. */
    private static final long DEFAULT_SEED = 1;

    static SoakPlan ofProperties() {
        Long minutes = Long.getLong("soak.minutes");
        return new SoakPlan(minutes != null ? TimeUnit.MINUTES.toSeconds(minutes) : Long.getLong("soak.seconds", DEFAULT_SECONDS),
                Long.getLong("soak.seed", DEFAULT_SEED), Integer.getInteger("soak.connections", DEFAULT_CONNECTIONS),
                Boolean.parseBoolean(System.getProperty("soak.agent", "true")));
    }
}
