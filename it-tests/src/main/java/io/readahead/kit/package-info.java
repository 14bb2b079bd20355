/**
 * The test kit: a forked server, files that are cold for certain, and the kernel's own account of who slept on the disk.
 *
 * <p>Job: what every integration test, benchmark and the demo need to run a server with and without the agent and to compare the two
 * by counters instead of by a clock.
 * <p>Loader: the test JVM's class path; nothing of this is ever loaded by a server under test.
 * <p>Imports: the JDK and JNA; JUnit only in {@link io.readahead.kit.Requirement}. Never the agent's classes.
 * <p>Threads: the caller's; {@link io.readahead.kit.ServerProcess} and {@link io.readahead.kit.DiskSleepSampler} have daemon threads of
 * their own.
 * <p>Read first: {@link io.readahead.kit.ServerProcess}, then {@link io.readahead.kit.DiskSleepSampler}.
 */
package io.readahead.kit;
