package io.readahead.weave;

import java.util.function.BiConsumer;

/**
 * One way in which a class of a server is rewritten.
 *
 * <p>Threads: those that load or retransform classes.
 */
public interface Recipe {

    /** Whether the class may need it; a look at its name, or at its raw bytes. */
    boolean concerns(String internalName, byte[] classFile);

    /**
     * Rewrites the class.
     *
     * @param loader who loads the class; null for the bootstrap loader
     * @return the class file, or null where there is nothing to rewrite
     * @throws WrongShapeException where the class is not the one that the recipe was written for
     */
    byte[] weave(ClassLoader loader, byte[] classFile) throws WrongShapeException;

    /**
     * Calls of the class that are left as they are, although they may send a file.
     *
     * @param found is told class and method of each, and the name of the class that is the reason
     */
    default void leftOut(ClassLoader loader, byte[] classFile, BiConsumer<String, String> found) {
        // All of them are woven, or the class has another shape.
    }
}
