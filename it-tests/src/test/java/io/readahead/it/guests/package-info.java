/** Small servers on libraries as released, each run by {@code GuestsIT} in a JVM of its own; in no package that the agent knows. */
package io.readahead.it.guests;
