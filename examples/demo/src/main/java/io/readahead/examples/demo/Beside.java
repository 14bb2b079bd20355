package io.readahead.examples.demo;

/** What the second client fetches while the hot client is measured. */
enum Beside {
    /** The hot client's own files: nothing waits for the disk. */
    SMALL("beside small files"),
    /** Files that are cold and don't fit into the memory. */
    BIG("beside big files");

    private final String words;

    Beside(String words) {
        this.words = words;
    }

    @Override
    public String toString() {
        return words;
    }
}
