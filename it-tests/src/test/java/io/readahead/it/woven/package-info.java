/**
 * Call sites of {@code transferTo} in the package that CallSitesIT has woven; {@link io.readahead.it.plain} has the same in one that isn't.
 *
 * <p>Loader: many, also such that see nothing but {@code java.*}; so each class stands alone.
 */
package io.readahead.it.woven;
