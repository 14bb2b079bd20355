package io.readahead.kit;

/**
 * What the watched threads had to do with the disk while they were watched, summed over them.
 *
 * @param readBytes reads that the threads themselves sent to a block device, whether they waited for them or not: the {@code read_bytes}
 *     of /proc/PID/task/TID/io
 * @param sleepMillis sleep on the disk: by delay accounting, each of its steps cut to the time that the thread was seen in state D; where
 *     there is no such accounting, the time seen in state D
 * @param samples how often the threads were looked at
 * @param dSamples how often a thread was in state D, an uninterruptible sleep
 * @param sendfileDSamples how often it was in state D inside sendfile(2)
 * @param writeDSamples how often it was in state D inside write(2) or writev(2), as who writes a mapped file to a socket
 * @param readDSamples how often it was in state D inside read(2) or one of its kin, as who encrypts a file
 * @param delayAccounting whether kernel.task_delayacct was on
 */
public record ThreadDiskAccount(long readBytes, long sleepMillis, long samples, long dSamples, long sendfileDSamples,
        long writeDSamples, long readDSamples, boolean delayAccounting) {

    /** Both accounts in one. */
    public ThreadDiskAccount plus(ThreadDiskAccount other) {
        return new ThreadDiskAccount(readBytes + other.readBytes, sleepMillis + other.sleepMillis, samples + other.samples,
                dSamples + other.dSamples, sendfileDSamples + other.sendfileDSamples,
                writeDSamples + other.writeDSamples, readDSamples + other.readDSamples, delayAccounting && other.delayAccounting);
    }

    /** How often it was in state D inside a call that sends, whichever. */
    public long sendingDSamples() {
        return sendfileDSamples + writeDSamples;
    }
}
