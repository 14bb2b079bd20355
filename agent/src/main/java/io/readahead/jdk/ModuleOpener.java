package io.readahead.jdk;

import java.lang.instrument.Instrumentation;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Set;

/** Opens packages of {@code java.base} to the agent's own module, and to no other. */
public final class ModuleOpener {

    private static final Module JAVA_BASE = Object.class.getModule();

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
                "java.nio", us,
                "java.nio.channels", us,
                "java.nio.channels.spi", us,
                "sun.nio.ch", us), Set.of(), Map.of());
    }

    /**
     * Lets our module call native code, so that JDK 24 and later print no warning about JNA (JEP 472).
     *
     * <p>Errors: an exception where the JDK has no such switch; up to JDK 23 nothing is warned of, so the caller may go on.
     */
    public static void enableNativeAccess() throws ReflectiveOperationException {
        // JDK 17 to 25: Module.implAddEnableNativeAccess() is what --enable-native-access does.
        Method enable = Module.class.getDeclaredMethod("implAddEnableNativeAccess");
        enable.setAccessible(true);
        enable.invoke(ModuleOpener.class.getModule());
    }
}
