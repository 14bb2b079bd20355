package io.readahead.kit;

import java.time.Duration;
import java.util.concurrent.Callable;

/**
 * Waits for something to become true that another process does.
 *
 * <p>The time is a bound against hanging and never what a test asserts on, so it is generous: {@link #LONG_ENOUGH}.
 */
public final class Await {

    /** Longer than anything here takes on a machine that is busy with three other builds. */
    public static final Duration LONG_ENOUGH = Duration.ofSeconds(60 * Patience.TIMES);

    private static final long POLL_MILLIS = 5;

    private Await() {
    }

    /**
     * Returns as soon as the condition holds.
     *
     * <p>Errors: AssertionError that names what was waited for, and the last state, when {@link #LONG_ENOUGH} has passed.
     * <p>Threads: sleeps on the caller's.
     *
     * @param what the state that is waited for, as it reads after "waited in vain until"
     * @param state asked again only for the message
     */
    public static void until(String what, Callable<Boolean> condition, Callable<?> state) throws Exception {
        long deadline = System.nanoTime() + LONG_ENOUGH.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("waited in vain until " + what + "; now: " + state.call());
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    /** As {@link #until(String, Callable, Callable)}, with nothing more to say when it fails. */
    public static void until(String what, Callable<Boolean> condition) throws Exception {
        until(what, condition, () -> "not so");
    }
}
