package io.readahead.examples.demo;

/** The demo can't run as asked; the message is for the user and needs no stack trace. */
final class UsageException extends Exception {

    UsageException(String message) {
        super(message);
    }
}
