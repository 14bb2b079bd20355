/**
 * The command line: attach to a JVM, detach, look, list.
 *
 * <p>Runs in a JVM of its own, never in the server's. What the agent in the server has to say it puts into the JVM's agent
 * properties ({@code StatusBoard} in {@code start}); {@code status} and {@code top} read those by the attach mechanism and load no
 * code into the server.
 * <p>Loader: isolated, with the system loader as its parent, for the attach API. Imports picocli; nothing of the server's side but
 * {@code weave}'s scan of class files.
 * <p>Failure: one line on stderr that says what is wrong and what is needed, exit code 1; 2 for a wrong command line.
 * <p>Read first: {@link io.readahead.cli.ReadaheadCommand}.
 */
package io.readahead.cli;
