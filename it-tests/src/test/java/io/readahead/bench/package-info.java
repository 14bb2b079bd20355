/**
 * The benchmarks of {@code it-tests/bench.sh}: one class for each row of its table.
 *
 * <p>Every row measures its subjects by turns, A B A B, in one run on one machine, and is quoted as medians and as ratios of
 * neighbors. A subject is a {@link io.readahead.bench.Peer}: nginx from Debian, or a Java server with the agent, without it, or
 * with its files in memory.
 * <p>Threads: those of {@code main} and of the load clients; the servers are processes of their own.
 * <p>Read first: {@link io.readahead.bench.Benchmarks}, then {@link io.readahead.bench.InterferenceRow}.
 */
package io.readahead.bench;
