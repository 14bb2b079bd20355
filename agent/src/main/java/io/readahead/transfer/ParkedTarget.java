package io.readahead.transfer;

import io.readahead.observe.Events;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A stream's target, and the record of the time that it is parked.
 *
 * <p>Threads: the server's park, any resume.
 */
final class ParkedTarget {

    private final Target target;
    private final AtomicReference<Events.Park> park = new AtomicReference<>();
    private boolean stranded;

    ParkedTarget(Target target) {
        this.target = target;
    }

    /** Withholds its readiness. */
    void park() {
        target.park();
    }

    boolean isParked() {
        return target.isParked();
    }

    boolean isOpen() {
        return target.isOpen();
    }

    /** See {@link Target#mostAtOnceBytes}. */
    long mostAtOnceBytes(boolean copied) {
        return target.mostAtOnceBytes(copied);
    }

    /** It is parked from now on. @param recorded what wants to know when it ends, or null */
    void parked(Events.Park recorded) {
        Events.Park before = park.getAndSet(recorded);
        if (before != null) {
            before.resumed();    // by a resume that is not quite through
        }
    }

    /** Gives its readiness back. Threads: any. @return whether it was parked */
    boolean resume() {
        Events.Park recorded = park.get();
        if (!target.resume()) {
            return false;
        }
        if (recorded == null) {
            recorded = park.get();    // of a parking that came between the two lines above
        }
        // Where the target is parked again already, that parking has ended this one's record.
        if (recorded != null && park.compareAndSet(recorded, null)) {
            recorded.resumed();
        }
        return true;
    }

    /** Whether it was parked with nothing in flight, now and at the question before. Threads: the watchdog. */
    synchronized boolean isStrandedAgain(boolean parked, boolean reading) {
        boolean before = stranded;
        stranded = parked && !reading;
        return before && stranded;
    }
}
