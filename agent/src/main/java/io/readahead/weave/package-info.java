/**
 * The only room that knows Byte Buddy: finds the call sites and rewrites them.
 *
 * <p>A class of the chosen packages is first scanned, in its raw bytes, for a reference to {@code transferTo} with the right
 * descriptor; only a class that has one is parsed. One instruction is replaced by another that takes the same operands, so no
 * type is resolved, no frame computed, and a class whose optional dependencies are missing is woven all the same. Of Byte Buddy
 * the class reader and writer are used and shipped, not its type model: weaving every class of a package through that cost 3.6 s
 * of start-up.
 * So is a class of any other package, where the packages are the default ones, for {@link io.readahead.weave.Implementers}; that costs
 * 1.3 us of CPU for each class that is loaded (25,861 of two big servers, JDK 17).
 * Calls that are left as they are although they may send a file (method references, classes whose file is not to be had) are told of.
 * Classes of servers that send in another way are named in {@code server}, as data of the kinds that {@link io.readahead.weave.Weaving}
 * has; no server is named in here.
 * <p>Loader: isolated. Threads: those that load the server's classes, and one of our own that weaves the selection key.
 * <p>Failure: the class stays as it is, and the log says so once.
 * <p>Read first: {@link io.readahead.weave.CallSiteTransformer}.
 */
package io.readahead.weave;
