/**
 * All that woven code may call: two classes that are defined into {@code java.base}.
 *
 * <p>Loader: the bootstrap loader. The build renames this package to {@code java.nio.channels}, and {@code start} defines the
 * renamed classes there with {@code MethodHandles.Lookup.defineClass}. A class in {@code java.*} is visible to every class
 * loader and to every named module, OSGi's and JBoss Modules' included; the boot class path is not touched, so class data
 * sharing stays on and the JVM prints nothing.
 * <p>Imports: {@code java.*} only; nothing of ours but this package.
 * <p>Threads: the server's own, at each woven call, and selector threads, at each change of a key's kernel events.
 * <p>Read first: {@link io.readahead.bridge.ReadaheadBridge}.
 */
package io.readahead.bridge;
