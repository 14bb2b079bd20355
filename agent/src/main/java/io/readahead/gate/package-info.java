/**
 * Write interest withheld at the selector, and given back.
 *
 * <p>A parked target whose socket has room is writable at once, so its selector would spin. The woven
 * {@code SelectionKeyImpl.translateInterestOps()} asks {@link io.readahead.gate.Gate} what to register with the kernel, and the
 * gate takes POLLOUT away while the target is parked. The interest set that the server sees is never touched.
 * <p>Loader: isolated. Imports: {@code java.*} only.
 * <p>Threads: the server's threads park, selector threads ask, readahead threads and the watchdog resume. Nothing blocks.
 * <p>Read first: {@link io.readahead.gate.Gate}.
 */
package io.readahead.gate;
