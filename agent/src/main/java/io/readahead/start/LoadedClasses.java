package io.readahead.start;

import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.Instrumentation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Has classes that are loaded already go through the transformers once more.
 *
 * <p>Threads: the one that attaches or detaches.
 */
final class LoadedClasses {

    private final Instrumentation instrumentation;
    private final Consumer<String> report;

    /** @param report is told, in a line, of a class that could not be retransformed */
    LoadedClasses(Instrumentation instrumentation, Consumer<String> report) {
        this.instrumentation = instrumentation;
        this.report = report;
    }

    /** The class file of a loaded class as its loader finds it; null where it is not to be had. */
    static byte[] fileOf(Class<?> type) {
        String resource = "/" + type.getName().replace('.', '/') + ".class";
        try (InputStream in = type.getResourceAsStream(resource)) {
            return in == null ? null : in.readAllBytes();
        } catch (IOException | RuntimeException ignored) {
            return null;
        }
    }

    /** Retransforms the classes that are chosen, all in one operation of the JVM; one by one where that is refused. */
    void retransform(Predicate<Class<?>> chosen) {
        List<Class<?>> classes = new ArrayList<>();
        for (Class<?> candidate : instrumentation.getAllLoadedClasses()) {
            if (!candidate.isArray() && instrumentation.isModifiableClass(candidate) && chosen.test(candidate)) {
                classes.add(candidate);
            }
        }
        if (classes.isEmpty() || retransformed(classes, false)) {
            return;
        }
        for (Class<?> one : classes) {
            retransformed(List.of(one), true);
        }
    }

    private boolean retransformed(List<Class<?>> classes, boolean last) {
        try {
            instrumentation.retransformClasses(classes.toArray(Class<?>[]::new));
            return true;
        } catch (Throwable failure) {
            if (last) {
                report.accept(classes.get(0).getName() + " could not be woven and stays as it is: " + failure);
            }
            return false;
        }
    }
}
