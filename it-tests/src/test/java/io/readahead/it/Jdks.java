package io.readahead.it;

import io.readahead.kit.Jdk;
import java.util.List;
import java.util.Optional;

/** Which JDKs run the server under test: {@code @MethodSource}s. */
public final class Jdks {

    private static final boolean MATRIX = Boolean.getBoolean("readahead.matrix");

    private Jdks() {
    }

    /** Whether everything is run that there is: -Pmatrix. */
    static boolean matrix() {
        return MATRIX;
    }

    /** The JDK that runs Maven; under -Pmatrix every JDK found. */
    public static List<Jdk> chosen() {
        return MATRIX ? every() : List.of(Jdk.current());
    }

    /** Every JDK found, whatever the profile: for the smoke test. */
    static List<Jdk> every() {
        return Jdk.all();
    }

    /** The oldest JDK found that has virtual threads. */
    static Optional<Jdk> withVirtualThreads() {
        return Jdk.all().stream().filter(jdk -> jdk.feature() >= VIRTUAL_THREADS_FEATURE).findFirst();
    }

    /** JEP 444. */
    static final int VIRTUAL_THREADS_FEATURE = 21;
}
