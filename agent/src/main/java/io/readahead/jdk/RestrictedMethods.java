package io.readahead.jdk;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;

/**
 * Methods that JEP 472 restricts, as {@code java.base} itself calls them: it may, whatever the command line says, and nobody is warned.
 *
 * <p>The other way, {@link ModuleOpener#withNativeAccess}, is for the start alone: while it lasts every unnamed module may, and the
 * application runs by then.
 * <p>Threads: any. Source: {@code MethodHandles.Lookup.IMPL_LOOKUP}, and {@code in} of it, JDK 17 to 25.
 */
public final class RestrictedMethods {

    private RestrictedMethods() {
    }

    /**
     * Finds one. Our module must be able to see java.lang.invoke deeply.
     *
     * @param owner interface of java.base that has it
     */
    public static MethodHandle find(Class<?> owner, String name, MethodType type) throws ReflectiveOperationException {
        Field implLookup = MethodHandles.Lookup.class.getDeclaredField("IMPL_LOOKUP");
        implLookup.setAccessible(true);
        MethodHandles.Lookup all = (MethodHandles.Lookup) implLookup.get(null);
        return all.in(owner).findVirtual(owner, name, type).asFixedArity();
    }
}
