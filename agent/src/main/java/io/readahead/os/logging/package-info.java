/**
 * Stands in for {@code java.util.logging} inside the JNA that the agent carries; the build renames JNA's references to it.
 *
 * <p>The real one would start the application's log manager during premain, before the application could choose it, and is
 * missing from a JVM that was linked without it. What JNA logs is about its own loading, and failures are exceptions as well.
 * <p>Loader: isolated. Threads: any.
 */
package io.readahead.os.logging;
