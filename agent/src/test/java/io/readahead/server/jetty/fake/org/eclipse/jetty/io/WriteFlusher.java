package io.readahead.server.jetty.fake.org.eclipse.jetty.io;

/** Takes note of the rounds that it was told to begin. */
public class WriteFlusher {

    private int rounds;

    public void completeWrite() {
        rounds++;
    }

    public int rounds() {
        return rounds;
    }
}
