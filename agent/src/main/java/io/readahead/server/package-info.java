/**
 * One folder for each server that sends files in a way of its own, and in it all that the agent knows of that server.
 *
 * <p>To add one:
 * <ol>
 * <li>Make its folder, with one {@link io.readahead.adapter.ServerAdapter} for each way in which it sends: whose channel, which file,
 *     how it is told "later". Objects of its own are reached through {@link io.readahead.adapter.Shapes}.
 * <li>Where it calls {@code FileChannel.transferTo} with a channel of its own, {@code channelBehind} is all
 *     ({@link io.readahead.server.tomcat.TomcatTls}). Where it has no such call, say what is woven, as data of the kinds that
 *     {@link io.readahead.weave.Weaving} has.
 * <li>Add one line to {@code start.Servers}, and its package to the defaults of {@code start.AgentOptions} where it is not below one.
 * <li>Run {@code FileServerContract} over it, with the control that fails without the agent; give it a row in
 *     {@code agent/docs/servers.md}.
 * </ol>
 * <p>A folder imports no other folder. Loader: isolated. Threads: event loops, in each woven call; readahead threads, when they hand a
 * channel back to its event loop.
 */
package io.readahead.server;
