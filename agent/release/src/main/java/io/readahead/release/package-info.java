/**
 * Makes what is published of what the other modules have built: the image for an init container, and the sums of all.
 *
 * <p>Everything in here is a function of its inputs: no clock, no order of a file system, no compression whose library may change.
 */
package io.readahead.release;
