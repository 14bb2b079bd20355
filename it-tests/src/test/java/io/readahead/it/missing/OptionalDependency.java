package io.readahead.it.missing;

/** Is there when the caller is compiled, and not when it runs. */
public class OptionalDependency extends RuntimeException {
}
