package io.readahead.it;

import io.readahead.kit.Jdk;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Which JDKs run the server under test: {@code @MethodSource}s.
 *
 * <p>Together {@code verify} and {@code verify -Pmatrix} run every test on every JDK found, each once.
 */
public final class Jdks {

    /** JEP 444. */
    static final int VIRTUAL_THREADS_FEATURE = 21;

    private static final boolean MATRIX = Boolean.getBoolean("readahead.matrix");
    private static final Choice CHOICE = Choice.valueOf(System.getProperty("readahead.jdks", "mine").toUpperCase(Locale.ROOT));

    private Jdks() {
    }

    /** The values of {@code readahead.jdks}, in lower case. */
    private enum Choice {

        /** The one that runs the tests, which is Maven's: what {@code verify} does. */
        MINE {
            @Override
            List<Jdk> jdks() {
                return List.of(Jdk.current());
            }
        },

        /** All but that one, if there is another: what {@code -Pmatrix} does. */
        OTHERS {
            @Override
            List<Jdk> jdks() {
                List<Jdk> others = Jdk.all().stream().filter(jdk -> !jdk.equals(Jdk.current())).toList();
                return others.isEmpty() ? MINE.jdks() : others;
            }
        },

        ALL {
            @Override
            List<Jdk> jdks() {
                return Jdk.all();
            }
        },

        /** The one that runs the tests, and no other in {@link #every} either: what {@code -Pjdks} does. */
        ALONE {
            @Override
            List<Jdk> jdks() {
                return MINE.jdks();
            }

            @Override
            List<Jdk> every() {
                return jdks();
            }
        };

        abstract List<Jdk> jdks();

        List<Jdk> every() {
            return Jdk.all();
        }
    }

    /** Whether what is left out of {@code verify} is run, too: -Pmatrix. */
    static boolean matrix() {
        return MATRIX;
    }

    /** Those that {@code readahead.jdks} names; never empty. */
    public static List<Jdk> chosen() {
        return CHOICE.jdks();
    }

    /**
     * Every JDK found, but by {@code alone} the one that runs the tests: for the smoke test, and for what only the matrix runs, which
     * {@code verify} has shown on none.
     */
    static List<Jdk> every() {
        return CHOICE.every();
    }

    /** The oldest JDK found that has virtual threads. */
    static Optional<Jdk> withVirtualThreads() {
        return every().stream().filter(jdk -> jdk.feature() >= VIRTUAL_THREADS_FEATURE).findFirst();
    }
}
