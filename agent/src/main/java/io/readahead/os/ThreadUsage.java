package io.readahead.os;

/** What {@link PosixLibrary#getrusage} found of the calling thread. One thread at a time. */
public final class ThreadUsage {

    private long readBlocks;
    private long sleeps;

    /** Takes note of an answer; for implementations of {@link PosixLibrary}. */
    public void set(long blocksRead, long voluntarySwitches) {
        readBlocks = blocksRead;
        sleeps = voluntarySwitches;
    }

    /** Blocks of 512 bytes that the thread itself asked a disk for, in its life. */
    public long readBlocks() {
        return readBlocks;
    }

    /** Times that the thread gave its CPU away to wait for something, in its life. */
    public long sleeps() {
        return sleeps;
    }
}
