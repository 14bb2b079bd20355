package io.readahead.jdk;

import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Map;
import java.util.Set;

/** Opens packages of {@code java.base} to the agent's own module, and to no other. */
public final class ModuleOpener {

    private static final Module JAVA_BASE = Object.class.getModule();

    /** Something that binds native code. */
    public interface Action<T, E extends Exception> {
        T run() throws E;
    }

    private ModuleOpener() {
    }

    /**
     * Opens what the agent reaches into.
     *
     * <p>Threads: the starting thread, once.
     * <p>Source: {@link Instrumentation#redefineModule}; the application's modules get nothing.
     */
    public static void open(Instrumentation instrumentation) {
        Set<Module> us = Set.of(ModuleOpener.class.getModule());
        instrumentation.redefineModule(JAVA_BASE, Set.of(), Map.of(), Map.of(
                "java.io", us,
                "java.lang", us,
                "java.lang.invoke", us,
                "java.nio", us,
                "java.nio.channels", us,
                "java.nio.channels.spi", us,
                "jdk.internal.perf", us,
                "jdk.internal.vm", us,
                "sun.nio.ch", us), Set.of(), Map.of());
    }

    /**
     * Runs something that loads and binds native code, without the warning of JDK 24 and later (JEP 472).
     *
     * <p>The JDK keeps one switch for all unnamed modules, so it is on only while the action runs, and as it was afterwards:
     * the application gets no access that its command line did not give it. JNI functions that were bound stay bound.
     * <p>Errors: where the JDK has no such switch the action runs all the same; up to JDK 23 nothing is warned of.
     * <p>Source: {@code Module.implAddEnableNativeAccessToAllUnnamed}, JDK 17 to 25.
     */
    public static <T, E extends Exception> T withNativeAccess(Action<T, E> action) throws E {
        VarHandle enabled = null;
        Module allUnnamed = null;
        boolean before = true;
        try {
            MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(Module.class, MethodHandles.lookup());
            enabled = lookup.findVarHandle(Module.class, "enableNativeAccess", boolean.class);
            allUnnamed = (Module) lookup.findStaticVarHandle(Module.class, "ALL_UNNAMED_MODULE", Module.class).get();
            before = (boolean) enabled.getVolatile(allUnnamed);
            enabled.setVolatile(allUnnamed, true);
        } catch (ReflectiveOperationException | RuntimeException ignored) {
            // The JVM prints its own warning, from JDK 24 on, and goes on.
        }
        try {
            return action.run();
        } finally {
            if (!before) {
                enabled.setVolatile(allUnnamed, false);
            }
        }
    }
}
