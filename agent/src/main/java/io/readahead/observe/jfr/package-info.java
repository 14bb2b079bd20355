/**
 * The agent's JFR events.
 *
 * <p>The only room that knows {@code jdk.jfr}; loaded only where the JVM has that module. As long as nothing is recorded no event class
 * is loaded and Flight Recorder is not started by us: its own listener says when somebody else starts it, and only then the events are
 * registered.
 * <p>Loader: isolated. What the JVM keeps of us, the listener, the periodic hook and the registrations, is taken back at the detach.
 * <p>Threads: whoever starts a recording registers; Flight Recorder's periodic thread asks for the statistics.
 * <p>Read first: {@link io.readahead.observe.jfr.JfrEvents}.
 */
package io.readahead.observe.jfr;
