package io.readahead.os;

/** What {@link PosixLibrary#getrusage} found of the calling thread. One thread at a time. */
public final class ThreadUsage {

    private long readBlocks;
    private long sleeps;
    private long majorFaults;
    private long cpuNanos;

    /** Takes note of an answer; for implementations of {@link PosixLibrary}. */
    public void set(long blocksRead, long voluntarySwitches, long faultsThatRead, long cpu) {
        readBlocks = blocksRead;
        sleeps = voluntarySwitches;
        majorFaults = faultsThatRead;
        cpuNanos = cpu;
    }

    /** Blocks of 512 bytes that the thread itself asked a disk for, in its life. */
    public long readBlocks() {
        return readBlocks;
    }

    /** Times that the thread touched memory, its program's code for one, that had to be read from a disk first; in its life. */
    public long majorFaults() {
        return majorFaults;
    }

    /** Nanoseconds that it had a CPU, its own code's and the kernel's; in its life, to a microsecond. */
    public long cpuNanos() {
        return cpuNanos;
    }

    /** Times that the thread gave its CPU away to wait for something, in its life. */
    public long sleeps() {
        return sleeps;
    }
}
