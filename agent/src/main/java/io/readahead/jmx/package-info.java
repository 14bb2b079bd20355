/**
 * The agent as an MBean, for consoles and exporters.
 *
 * <p>Loader: isolated. Imports: {@code java.*}, {@code javax.management}, the rooms whose figures are shown. A JVM that was linked without
 * {@code java.management} never loads more of this room than {@link io.readahead.jmx.JmxRegistration}.
 * <p>Threads: the watchdog registers; whoever asks reads.
 * <p>Read first: {@link io.readahead.jmx.AgentMXBean}.
 */
package io.readahead.jmx;
