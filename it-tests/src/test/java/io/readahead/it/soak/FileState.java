package io.readahead.it.soak;

/**
 * How a file was during some time; while it is being changed, all that a server may find of it.
 *
 * @param sinceNanos from when on, by System.nanoTime
 * @param untilNanos to when
 * @param firstVersion the oldest version that a server may have opened
 * @param lastVersion the newest one
 * @param smallestBytes the least size that may have been seen
 * @param largestBytes the greatest one
 * @param mayBeMissing whether a server may have found no file of that name
 * @param mayBeDenied whether a server may have been refused the file
 */
record FileState(long sinceNanos, long untilNanos, int firstVersion, int lastVersion, long smallestBytes, long largestBytes,
                 boolean mayBeMissing, boolean mayBeDenied) {

    private static final long FOR_NOW = Long.MAX_VALUE;

    /** A file that stays as it is, from now on. */
    static FileState steady(long sinceNanos, int version, long bytes, boolean missing, boolean denied) {
        return new FileState(sinceNanos, FOR_NOW, version, version, bytes, bytes, missing, denied);
    }

    /** This or the other one: nobody can say while the one becomes the other. */
    FileState or(FileState other, long newSinceNanos) {
        return new FileState(newSinceNanos, FOR_NOW, Math.min(firstVersion, other.firstVersion), Math.max(lastVersion, other.lastVersion),
                Math.min(smallestBytes, other.smallestBytes), Math.max(largestBytes, other.largestBytes),
                mayBeMissing || other.mayBeMissing, mayBeDenied || other.mayBeDenied);
    }

    /** The same, ended. */
    FileState until(long nanos) {
        return new FileState(sinceNanos, nanos, firstVersion, lastVersion, smallestBytes, largestBytes, mayBeMissing, mayBeDenied);
    }

    /** Whether it was so at some moment between two. */
    boolean wasBetween(long fromNanos, long toNanos) {
        return sinceNanos - toNanos <= 0 && (untilNanos == FOR_NOW || untilNanos - fromNanos >= 0);
    }

    boolean hasVersion(int version) {
        return version >= firstVersion && version <= lastVersion;
    }
}
