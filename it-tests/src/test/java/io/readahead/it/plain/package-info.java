/** What {@link io.readahead.it.woven} has, in a package that is never woven: how it is without the agent. */
package io.readahead.it.plain;
