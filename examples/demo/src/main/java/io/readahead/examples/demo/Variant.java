package io.readahead.examples.demo;

/** With or without the agent: all that differs between two servers of a round. */
enum Variant {
    WITHOUT("without the agent"),
    WITH("with the agent");

    private final String words;

    Variant(String words) {
        this.words = words;
    }

    @Override
    public String toString() {
        return words;
    }
}
