package io.readahead.examples.jetty;

/** A command line that can't be obeyed; the message is one line that names the option, its value and what is allowed. */
final class UsageException extends Exception {
    UsageException(String message) {
        super(message);
    }
}
