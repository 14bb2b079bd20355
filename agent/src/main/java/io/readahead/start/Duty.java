package io.readahead.start;

import io.readahead.bridge.ReadaheadHooks;
import java.util.List;
import java.util.Map;

/**
 * What a started agent is there for: to help, or to observe.
 *
 * <p>Order: {@link #start} once; {@link #begin} once, before the first hook is called; {@link #keepHouse} each second; then, where the
 * agent is taken off and the bridge is a pass-through again, {@link #stop}, {@link #undo} if there was a begin, and {@link #release}
 * after the watchdog ended.
 * <p>Threads: one at a time.
 */
interface Duty {

    /** Version and options, by which a later attach knows what runs. */
    String identity();

    /** The agent was started; nothing is woven yet. */
    void start();

    /** What woven code calls. */
    ReadaheadHooks hooks();

    /** Weaves what this duty alone needs; where it throws, no hook is ever called. */
    void begin() throws Throwable;

    /** Once a second. */
    void keepHouse();

    /** Once, within a second after the first file was sent. Threads: the watchdog. */
    void filesAreSent();

    /** Everything that can be told at this moment, by name. */
    Map<String, String> figures();

    /** What is to be said in the log at the end of the JVM and of the agent, by lines. */
    List<String> lastWords();

    /** Lets everything parked go on. */
    void stop();

    /** Takes back what {@link #begin} did. */
    void undo() throws Throwable;

    /** Ends our threads and lets go of libc. */
    void release() throws Exception;
}
