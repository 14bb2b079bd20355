/** The two call sites of {@code HotCallBenchmark}: the agent is told to weave the one and not the other. */
package io.readahead.bench.sender;
