package io.readahead.it.app;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;

/**
 * An application with, or without, a Byte Buddy and a JNA of its own on the class path; says which ones it sees, and uses them.
 *
 * <p>By reflection, for it is compiled without them.
 */
public final class IsolationApp {

    private static final List<String> HIDDEN = List.of("net.bytebuddy.ByteBuddy", "com.sun.jna.Native");

    private IsolationApp() {
    }

    /** Argument: {@code uses} or {@code misses}. */
    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("uses")) {
            useByteBuddy();
            useJna();
        } else {
            HIDDEN.forEach(IsolationApp::miss);
        }
    }

    private static void useByteBuddy() throws Exception {
        Class<?> byteBuddy = Class.forName("net.bytebuddy.ByteBuddy");
        System.out.println("byte-buddy.from=" + jarOf(byteBuddy));
        Object builder = byteBuddy.getMethod("subclass", Class.class).invoke(byteBuddy.getConstructor().newInstance(), Object.class);
        Object unloaded = method("net.bytebuddy.dynamic.DynamicType$Builder", "make").invoke(builder);
        Object loaded = method("net.bytebuddy.dynamic.DynamicType$Unloaded", "load", ClassLoader.class)
                .invoke(unloaded, IsolationApp.class.getClassLoader());
        Class<?> made = (Class<?>) method("net.bytebuddy.dynamic.DynamicType$Loaded", "getLoaded").invoke(loaded);
        System.out.println("byte-buddy.made=" + Object.class.isInstance(made.getConstructor().newInstance()));
    }

    private static void useJna() throws Exception {
        Class<?> nativeLibrary = Class.forName("com.sun.jna.NativeLibrary");
        System.out.println("jna.from=" + jarOf(nativeLibrary));
        Field version = Class.forName("com.sun.jna.Native").getField("VERSION");
        // It is inherited from an interface that is not public.
        version.setAccessible(true);
        System.out.println("jna.version=" + version.get(null));
        Object libc = nativeLibrary.getMethod("getInstance", String.class).invoke(null, "c");
        Object getpid = nativeLibrary.getMethod("getFunction", String.class).invoke(libc, "getpid");
        Object pid = method("com.sun.jna.Function", "invokeInt", Object[].class).invoke(getpid, (Object) new Object[0]);
        System.out.println("jna.getpid=" + (((Integer) pid).longValue() == ProcessHandle.current().pid()));
    }

    private static Method method(String type, String name, Class<?>... parameters) throws Exception {
        return Class.forName(type).getMethod(name, parameters);
    }

    private static String jarOf(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation().getPath();
    }

    private static void miss(String name) {
        List<ClassLoader> loaders = new ArrayList<>();
        loaders.add(ClassLoader.getSystemClassLoader());
        loaders.add(Thread.currentThread().getContextClassLoader());
        loaders.add(ClassLoader.getPlatformClassLoader());
        loaders.add(null);
        agentEntry(loaders);
        System.out.println("sees." + name + "=" + loaders.stream().anyMatch(loader -> sees(name, loader)));
        System.out.println("resource." + name + "=" + ClassLoader.getSystemResource(name.replace('.', '/') + ".class"));
    }

    /** The class of the agent that the application can see, and whatever loader that is of. */
    private static void agentEntry(List<ClassLoader> loaders) {
        try {
            loaders.add(Class.forName("io.readahead.agent.ReadaheadAgent", false, ClassLoader.getSystemClassLoader()).getClassLoader());
            System.out.println("agent.entry=visible");
        } catch (ClassNotFoundException ignored) {
            System.out.println("agent.entry=hidden");
        }
    }

    private static boolean sees(String name, ClassLoader loader) {
        try {
            Class.forName(name, false, loader);
            return true;
        } catch (ClassNotFoundException ignored) {
            return false;
        }
    }
}
