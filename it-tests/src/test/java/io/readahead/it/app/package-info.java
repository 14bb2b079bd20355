/**
 * Programs that run in the JVM under test; nothing here is woven but {@link io.readahead.it.app.Connection}.
 *
 * <p>Loader: the class path of a forked JVM, beside the agent.
 * <p>Imports: {@code java.base} only, and {@code java.instrument} in the one class that is an agent itself: they run in the smallest JVM.
 */
package io.readahead.it.app;
