/**
 * Counters that say what the agent did, and the events of which they are the sums.
 *
 * <p>Loader: isolated. Imports: {@code java.*}; what records the events is {@code observe.jfr}. Threads: any; adding never blocks.
 */
package io.readahead.observe;
