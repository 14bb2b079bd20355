package io.readahead.it.soak;

import java.util.ArrayList;
import java.util.List;

/**
 * The ledger of one file: everything that was done to it, and when.
 *
 * <p>A change is written down before it is begun, so who looks afterwards finds whatever may have been seen.
 * <p>Threads: one changes, any look.
 */
final class FileHistory {

    private final List<FileState> states = new ArrayList<>();

    FileHistory(FileState first) {
        states.add(first);
    }

    /** Something that is done to the file. */
    @FunctionalInterface
    interface Change {
        void run() throws Exception;
    }

    /** Does it, and writes down what a server may find meanwhile and afterwards. */
    void change(int version, long bytes, boolean missing, boolean denied, Change change) throws Exception {
        long begin = System.nanoTime();
        FileState after = FileState.steady(begin, version, bytes, missing, denied);
        replaceLast(begin, now().or(after, begin));
        change.run();
        long end = System.nanoTime();
        replaceLast(end, FileState.steady(end, version, bytes, missing, denied));
    }

    private synchronized void replaceLast(long nanos, FileState next) {
        states.add(states.remove(states.size() - 1).until(nanos));
        states.add(next);
    }

    /** How it is at this moment. */
    synchronized FileState now() {
        return states.get(states.size() - 1);
    }

    /** How it was between two moments, in order. */
    synchronized List<FileState> between(long fromNanos, long toNanos) {
        return states.stream().filter(state -> state.wasBetween(fromNanos, toNanos)).toList();
    }
}
