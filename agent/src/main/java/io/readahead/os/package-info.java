/**
 * The only room that knows libc: what the kernel says of the page cache, and how it is asked to fill it.
 *
 * <p>Mechanism only: nothing here decides whether to read ahead. Without natives (another operating system, a JVM that refuses
 * them) {@link io.readahead.os.Natives#load} says why, and the agent stays a pass-through.
 * <p>Loader: isolated. Imports: {@code com.sun.jna} here and nowhere else.
 * <p>Threads: {@link io.readahead.os.PageCacheProbe} is made for event loops; {@link io.readahead.os.RangeReader} waits for the
 * disk and belongs to readahead threads.
 * <p>Read first: {@link io.readahead.os.PosixLibrary}.
 */
package io.readahead.os;
