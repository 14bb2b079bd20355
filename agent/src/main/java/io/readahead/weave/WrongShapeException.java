package io.readahead.weave;

/** A class has the name of one that the agent knows, and another shape. */
public final class WrongShapeException extends Exception {

    private static final long serialVersionUID = 1L;

    /** @param missing what was looked for */
    WrongShapeException(String missing) {
        super("it has another shape than the agent knows: " + missing + " was not found");
    }
}
