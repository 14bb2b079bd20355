package io.readahead.cli;

/** A command that can't be done. The message says what is wrong, with which value, and what is needed. */
final class CommandException extends Exception {

    private static final long serialVersionUID = 1L;

    CommandException(String message) {
        super(message);
    }
}
