package io.readahead.it.soak;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Injects faults of one kind, one after the other. Threads: one of its own. */
record FaultDriver(Fault fault, Tally tally, long seed, BooleanSupplier enough) implements Runnable {

    @Override
    public void run() {
        Random random = new Random(seed);
        try {
            while (!enough.getAsBoolean()) {
                tally.injected(fault.inject(random));
                Fault.Pause pause = fault.pause();
                TimeUnit.MILLISECONDS.sleep(pause.least() + random.nextInt(pause.most() - pause.least()));
            }
        } catch (Exception e) {
            tally.failed("the fault could not be injected: " + fault.getClass().getSimpleName() + ": " + e);
        } finally {
            end();
        }
    }

    private void end() {
        try {
            fault.end();
        } catch (Exception e) {
            tally.failed("the fault could not be undone: " + fault.getClass().getSimpleName() + ": " + e);
        }
    }
}
