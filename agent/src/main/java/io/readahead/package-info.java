/**
 * Keeps the event loops of unmodified Java servers from sleeping on the disk in sendfile(2).
 *
 * <pre>
 *  the server's code ── transferTo call, rewritten (weave) ──► bridge, in java.base
 *                                                                │
 *                                                                ▼
 *                      transfer: what kind of target? which range is known readable?
 *                        │                 │                                   │
 *                 known, or the      cold, target is                  cold, target blocks
 *                 probe (os) says    non-blocking                              │
 *                 resident                 │                                   │
 *                        │                 ▼                                   ▼
 *                        │       gate: park the channel,             wait for the window, then send;
 *                        │       return 0, withhold POLLOUT          the next one is read meanwhile
 *                        │                 │                                   │
 *                        │                 ▼                                   ▼
 *                        │       warmup: a bounded pool, one lane for each file store, reads the window;
 *                        │       a second lane goes over what is cached, and may hold the kernel's marks
 *                        │                 │
 *                        ▼                 ▼ done, or failed
 *            the original transferTo   gate: interest comes back, the selector wakes, the server calls again
 * </pre>
 *
 * <p>The rooms: {@link io.readahead.agent} (entry, the only one the application sees), {@code start} (options, start-up order),
 * {@link io.readahead.bridge}, {@code weave} (Byte Buddy), {@code transfer} (the decision), {@code gate}, {@code warmup},
 * {@code os} (libc), {@code jdk} (the JDK's inside), {@code adapter} (what has to be known of a server), {@code server} (a folder for
 * each server that sends in a way of its own), {@code observe} (counters and events; {@code observe.jfr} records them), {@code jmx}
 * (the MBean).
 * Dependencies point from the entry down: {@code server} to adapter and weave, transfer to adapter and the others, never back; checkstyle
 * holds the lines. In mode=observe {@code survey} takes the place of transfer, gate and warmup.
 *
 * <p>Whatever fails in here, the original call runs as without the agent.
 */
package io.readahead;
