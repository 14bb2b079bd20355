/**
 * Counters that say what the agent did.
 *
 * <p>Loader: isolated. Imports: {@code java.*}. Threads: any; adding never blocks.
 */
package io.readahead.observe;
