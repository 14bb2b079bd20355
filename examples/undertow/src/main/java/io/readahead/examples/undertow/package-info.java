/**
 * An embedded Undertow that serves a folder, by its own means.
 *
 * <pre>
 *  GET /files/PATH      I/O thread: parse --&gt; worker: ResourceHandler -- transferTo --&gt; socket, until that is full
 *                       I/O thread, each time the socket is writable --&gt; worker: transferTo, and so on
 *
 *  GET /blocking/PATH   I/O thread: parse --&gt; worker: BlockingFileHandler, transferTo; waits for the socket, too, until all is sent
 * </pre>
 *
 * <p>Threads: {@code XNIO-1 I/O-N} accept, read, parse, and hear of sockets; {@code XNIO-1 task-N}, the workers, open files and send
 * them, and wait in {@code transferTo} for the disk where the file's bytes are not in the page cache. Requests for which no worker is
 * free wait in a queue.
 *
 * <p>Class to read first: {@link io.readahead.examples.undertow.UndertowFileServer}.
 */
package io.readahead.examples.undertow;
