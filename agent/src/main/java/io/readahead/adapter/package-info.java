/**
 * What has to be known of a server, whichever it is: the questions that {@code transfer} and {@code survey} ask, and the means to answer.
 *
 * <p>A {@link io.readahead.adapter.ServerAdapter} is one way in which a server sends files; each folder of {@code server} has one or more.
 * Servers' classes are reached by method handles, looked up once for each class of theirs ({@link io.readahead.adapter.Shapes}), so that
 * any number of copies, in any loaders, relocated or not, work side by side. A class of another shape is reported once and passed through.
 * <p>Loader: isolated. Imports {@code java.*} and the counter of calls that pass through, and names no server.
 * <p>Threads: event loops, in each woven call; readahead threads, when they hand a channel back to its event loop.
 * <p>Read first: {@link io.readahead.adapter.ServerAdapter}.
 */
package io.readahead.adapter;
