package io.readahead.observe.jfr;

import io.readahead.observe.Counters;
import io.readahead.observe.Events;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import jdk.jfr.Event;
import jdk.jfr.EventType;
import jdk.jfr.FlightRecorder;
import jdk.jfr.FlightRecorderListener;

/**
 * Has the agent's events in every recording from the moment that somebody starts Flight Recorder.
 *
 * <p>Errors: where the JVM was started without Flight Recorder nothing happens; what fails is reported, and nothing is recorded.
 * <p>Threads: connected and closed by the agent's, one at a time; whoever starts Flight Recorder registers.
 */
public final class JfrEvents implements FlightRecorderListener, AutoCloseable {

    private final Counters counters;
    private final Consumer<String> report;
    private final Runnable statistics = this::commitStatistics;
    private final AtomicBoolean registered = new AtomicBoolean();
    private boolean connected;
    private volatile boolean closed;

    /** @param report is told, in a line, what failed */
    public JfrEvents(Counters counters, Consumer<String> report) {
        this.counters = counters;
        this.report = report;
    }

    /** Whether somebody has started Flight Recorder; asking starts nothing. */
    public static boolean isRunning() {
        return FlightRecorder.isInitialized();
    }

    /**
     * Registers the events now if Flight Recorder runs, else when it is started. Takes 12 ms where it does not run (JDK 17; 0.5 ms on
     * JDK 25), so it is nothing for the server's own threads then.
     */
    public void connect() {
        if (!connected) {
            connected = true;
            FlightRecorder.addListener(this);
        }
    }

    /** Flight Recorder may call this with locks of its own, so none of ours is held across its methods. */
    @Override
    public void recorderInitialized(FlightRecorder recorder) {
        if (closed || !registered.compareAndSet(false, true)) {
            return;
        }
        try {
            classes().forEach(FlightRecorder::register);
            FlightRecorder.addPeriodicEvent(StatisticsEvent.class, statistics);
            counters.eventsTo(new Recorded());
        } catch (Throwable failure) {
            report.accept("no events for Flight Recorder: " + failure);
        }
        if (closed) {
            unregister();    // closed meanwhile, which may have come too early
        }
    }

    @Override
    public void close() {
        closed = true;
        if (connected) {
            FlightRecorder.removeListener(this);
        }
        if (registered.get()) {
            unregister();
        }
    }

    private void unregister() {
        counters.eventsTo(Events.NONE);
        FlightRecorder.removePeriodicEvent(statistics);
        classes().forEach(FlightRecorder::unregister);
    }

    /** No constant: the classes are to be loaded only where something is recorded. */
    private static List<Class<? extends Event>> classes() {
        return List.of(ParkEvent.class, WarmUpEvent.class, LoopBlockedEvent.class, DroppedEvent.class, StatisticsEvent.class);
    }

    private void commitStatistics() {
        StatisticsEvent event = new StatisticsEvent();
        event.take(counters);
        event.commit();
    }

    /** Reports to the events that some recording asks for. */
    private static final class Recorded implements Events {

        private final EventType park = EventType.getEventType(ParkEvent.class);
        private final EventType warmUp = EventType.getEventType(WarmUpEvent.class);
        private final EventType loopBlocked = EventType.getEventType(LoopBlockedEvent.class);
        private final EventType dropped = EventType.getEventType(DroppedEvent.class);

        @Override
        public Park parked(String site, long position, long countBytes) {
            return park.isEnabled() ? new ParkEvent(site, position, countBytes) : null;
        }

        @Override
        public WarmUp warmUpBegins() {
            return warmUp.isEnabled() ? new WarmUpEvent() : null;
        }

        @Override
        public Call callBegins() {
            return loopBlocked.isEnabled() ? new LoopBlockedEvent() : null;
        }

        @Override
        public void dropped(long offset, long lengthBytes) {
            if (dropped.isEnabled()) {
                new DroppedEvent(offset, lengthBytes).commit();
            }
        }
    }
}
