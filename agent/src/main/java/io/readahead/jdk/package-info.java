/**
 * The only room that knows the inside of the JDK: modules opened to us, descriptors behind channels, keys behind selectors.
 *
 * <p>Loader: isolated. Imports: {@code java.*} only.
 * <p>Threads: start-up opens the modules; event loops and readahead threads use the accessors, none of which blocks.
 * <p>Read first: {@link io.readahead.jdk.JdkInternals}.
 */
package io.readahead.jdk;
