package io.readahead.adapter;

import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.Consumer;

/**
 * Accessors of a server's objects, found once for each class.
 *
 * <p>Kept with the class itself, so that a server's class loader that goes away takes them along.
 * <p>Threads: any.
 *
 * @param <T> a set of accessors
 */
public final class Shapes<T> {

    private final Set<Class<?>> known = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));
    private final ClassValue<T> shapes;
    private volatile boolean forgotten;

    /** Finds the accessors of a class; null where it has none. */
    public interface Finder<T> {
        T find(Class<?> type) throws ReflectiveOperationException;
    }

    /** @param report is told, in a line, of a class that has another shape */
    public Shapes(Finder<T> finder, Consumer<String> report) {
        shapes = new ClassValue<>() {
            @Override
            protected T computeValue(Class<?> type) {
                known.add(type);
                try {
                    return finder.find(type);
                } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
                    report.accept(type.getName() + " has another shape than the agent knows, and its calls pass through: " + e);
                    return null;
                }
            }
        };
    }

    /** The accessors of an object's class; null where it has none. */
    public T of(Object object) {
        T shape = shapes.get(object.getClass());
        if (forgotten) {
            shapes.remove(object.getClass());    // a call that was under way when the agent was taken off
        }
        return shape;
    }

    /** Lets go of all classes, so that nothing of theirs refers to us. */
    public void forget() {
        forgotten = true;
        synchronized (known) {
            known.forEach(shapes::remove);
            known.clear();
        }
    }
}
