/**
 * Start-up: options, the order in which the rooms are put together, the log, the watchdog.
 *
 * <p>Loader: isolated. Threads: the one that runs premain; the class-loading thread that meets the first call site; the
 * watchdog.
 * <p>Failure: whatever goes wrong is one line in the log, and the server starts without the agent.
 * <p>Read first: {@link io.readahead.start.Startup}.
 */
package io.readahead.start;
