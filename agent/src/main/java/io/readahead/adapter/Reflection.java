package io.readahead.adapter;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.instrument.Instrumentation;
import java.util.Map;
import java.util.Set;

/**
 * Lookups into a server's classes, private members included.
 *
 * <p>Threads: any; only the first call for a class of theirs comes here.
 */
public final class Reflection {

    private final Instrumentation instrumentation;

    public Reflection(Instrumentation instrumentation) {
        this.instrumentation = instrumentation;
    }

    /** A lookup with the access of the class; a named module is opened to our module alone for it. */
    public MethodHandles.Lookup in(Class<?> type) throws IllegalAccessException {
        Module theirs = type.getModule();
        Module ours = Reflection.class.getModule();
        if (theirs.isNamed() && !theirs.isOpen(type.getPackageName(), ours)) {
            instrumentation.redefineModule(theirs, Set.of(), Map.of(), Map.of(type.getPackageName(), Set.of(ours)), Set.of(), Map.of());
        }
        return MethodHandles.privateLookupIn(type, MethodHandles.lookup());
    }

    /** A field of a class, or of what it inherits. */
    public VarHandle field(Class<?> owner, String name, Class<?> type) throws ReflectiveOperationException {
        return in(owner).findVarHandle(owner, name, type).withInvokeBehavior();
    }

    /** What a method handle threw, as something that can be thrown on: itself, but for a checked exception. */
    public static RuntimeException unchecked(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        return thrown instanceof RuntimeException runtime ? runtime : new IllegalStateException(thrown);
    }

    /** The class of that name among a class and its superclasses. */
    public static Class<?> ancestor(Class<?> type, String nameEnding) throws ClassNotFoundException {
        for (Class<?> at = type; at != null; at = at.getSuperclass()) {
            if (at.getName().endsWith(nameEnding)) {
                return at;
            }
        }
        throw new ClassNotFoundException(type.getName() + " has no superclass whose name ends with " + nameEnding);
    }
}
