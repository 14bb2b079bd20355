package io.readahead.it.soak;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A folder that is served: small hot files, large cold ones, and some that change. Nothing but a client explains what goes wrong with
 * the first two kinds.
 *
 * <p>Half of them belong to another user, so that a server without root's privileges may not ask cachestat(2) about them.
 * <p>Threads: any.
 */
record SoakFiles(Path root, List<SoakFile> hot, List<SoakFile> cold, List<SoakFile> changing) {

    private static final int HOT_FILES = 8;
    private static final int COLD_FILES = 24;
    private static final int CHANGING_FILES = 12;
    private static final long HOT_BYTES = 64 << 10;
    private static final long COLD_BYTES = 16 << 20;
    private static final long CHANGING_BYTES = 6 << 20;
    private static final int HOT_PERCENT = 30;
    private static final int COLD_PERCENT = 40;
    private static final int NOBODY = 65534;

    /**
     * Writes all of them.
     *
     * @param firstNumber of a file; those of two folders differ
     * @param changes whether there are some that change
     */
    static SoakFiles write(Path root, int firstNumber, boolean changes) throws IOException {
        int number = firstNumber;
        SoakFiles files = new SoakFiles(root, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (int i = 0; i < HOT_FILES; i++) {
            files.hot.add(SoakFile.write(number++, root.resolve("hot-" + i + ".bin"), HOT_BYTES * (i + 1), owner(i)));
        }
        for (int i = 0; i < COLD_FILES; i++) {
            files.cold.add(SoakFile.write(number++, root.resolve("cold-" + i + ".bin"), COLD_BYTES + 1000 * i, owner(i)));
        }
        for (int i = 0; changes && i < CHANGING_FILES; i++) {
            files.changing.add(SoakFile.write(number++, root.resolve("changing-" + i + ".bin"), CHANGING_BYTES + 1000 * i, owner(i)));
        }
        return files;
    }

    private static int owner(int i) {
        return i % 2 == 0 ? 0 : NOBODY;
    }

    /** The same without those that change. */
    SoakFiles unchanging() {
        return new SoakFiles(root, hot, cold, List.of());
    }

    /** How many there are. */
    int count() {
        return hot.size() + cold.size() + changing.size();
    }

    /** One of all. */
    SoakFile any(Random random) {
        int percent = random.nextInt(changing.isEmpty() ? HOT_PERCENT + COLD_PERCENT : 100);
        return anyOf(percent < HOT_PERCENT ? hot : percent < HOT_PERCENT + COLD_PERCENT ? cold : changing, random);
    }

    static SoakFile anyOf(List<SoakFile> some, Random random) {
        return some.get(random.nextInt(some.size()));
    }
}
