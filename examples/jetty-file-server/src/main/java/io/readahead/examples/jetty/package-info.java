/**
 * An embedded Jetty that serves a folder, what an application with sendfile on Jetty looks like.
 *
 * <pre>
 *  GET /files/PATH      selector: parse, FileHandler, SendfileBody --- write(mapped buffer) --+
 *                                                                                             v
 *                       selector, each time the socket is writable: SendfileEndPoint.flush -- transferTo --> socket
 *
 *  GET /blocking/PATH   selector: parse, WorkerDispatch --> worker: FileHandler, BlockingBody -- transferTo --> response stream
 * </pre>
 *
 * <p>Threads:
 * <ul>
 * <li>{@code jetty-sel-0}, {@code jetty-sel-1}, ...: one per selector, fixed ({@link io.readahead.examples.jetty.SendfileConnector}).
 * Accepts, reads and parses requests, runs the non-blocking handlers, sends files. Opening and mapping a file may wait for file-system
 * metadata, and {@code transferTo} waits for the disk where the file's bytes are not in the page cache; nothing else here blocks.
 * <li>{@code jetty-worker-N}, or virtual threads: handlers that may block, on the disk and on the client. The workers also do Jetty's
 * set-up and clean-up of connections. An idle timeout fails a response on a thread of its own.
 * </ul>
 *
 * <p>With {@code --handler resource} none of this is in use: Jetty's ResourceHandler answers, behind its ServerConnector, on whichever
 * thread of the pool selects at that moment ({@link io.readahead.examples.jetty.FilesBy}).
 *
 * <p>Class to read first: {@link io.readahead.examples.jetty.SendfileEndPoint}.
 */
package io.readahead.examples.jetty;
