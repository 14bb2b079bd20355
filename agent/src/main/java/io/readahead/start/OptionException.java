package io.readahead.start;

/** An option that is wrong. The message names the key, the value and what is allowed. */
public final class OptionException extends Exception {

    private static final long serialVersionUID = 1L;

    OptionException(String message) {
        super(message);
    }
}
