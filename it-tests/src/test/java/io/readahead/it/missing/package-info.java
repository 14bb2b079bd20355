/** An optional dependency: the class loader of CallSitesIT that plays an incomplete class path refuses to load it. */
package io.readahead.it.missing;
