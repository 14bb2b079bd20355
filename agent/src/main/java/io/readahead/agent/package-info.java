/**
 * The entry, and all that the application can see of the agent.
 *
 * <p>Loader: the system loader, because the JVM puts the agent's jar on the class path. The rest of the jar is stored as
 * {@code META-INF/isolated/*.classdata}, which only {@link io.readahead.agent.IsolatedClassLoader} reads.
 * <p>Imports: {@code java.base} and {@code java.instrument} only.
 * <p>Threads: the one that runs premain or agentmain.
 * <p>Read first: {@link io.readahead.agent.ReadaheadAgent}.
 */
package io.readahead.agent;
