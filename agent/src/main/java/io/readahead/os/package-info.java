/**
 * The only room that knows libc: what the kernel says of the page cache, and how it is asked to fill it.
 *
 * <p>Mechanism only: nothing here decides whether to read ahead. Without natives (another operating system, a JVM that refuses
 * them) {@link io.readahead.os.Natives#load} says why, and the agent stays a pass-through.
 * <p>Where a seccomp filter is on, {@link io.readahead.os.SystemCallTrial} has a child try first what this process may be killed for. A
 * call that is new here belongs into {@link io.readahead.os.SystemCall}, unless every JVM makes it.
 * <p>Loader: isolated. Imports: {@code com.sun.jna} here and nowhere else.
 * <p>Threads: {@link io.readahead.os.PageCacheProbe} is made for event loops; {@link io.readahead.os.RangeReader} waits for the
 * disk and belongs to readahead threads.
 * <p>Read first: {@link io.readahead.os.PosixLibrary}.
 */
package io.readahead.os;
