package io.readahead.it.app;

import java.io.FileDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.nio.Buffer;
import java.nio.channels.FileChannel;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.TreeMap;

/** An application that tries what the JDK refuses, and what an agent beside it might have made possible. */
public final class SecurityApp {

    private SecurityApp() {
    }

    /** What is tried. */
    private interface Attempt {
        void run() throws Throwable;
    }

    /** Prints for each attempt {@code name=allowed}, or the exception that refused it. */
    public static void main(String[] arguments) throws IOException {
        attempt("java.lang", () -> ClassLoader.class
                .getDeclaredMethod("defineClass", String.class, byte[].class, int.class, int.class).setAccessible(true));
        attempt("java.io", () -> FileDescriptor.class.getDeclaredField("fd").setAccessible(true));
        attempt("java.nio", () -> Buffer.class.getDeclaredField("address").setAccessible(true));
        attempt("java.nio.channels.spi", () -> AbstractSelectableChannel.class.getDeclaredField("keys")
                .setAccessible(true));
        attempt("sun.nio.ch", () -> Class.forName("sun.nio.ch.FileChannelImpl").getDeclaredField("fd").setAccessible(true));
        attempt("jdk.internal.vm", () -> Class.forName("jdk.internal.vm.VMSupport").getMethod("getAgentProperties").invoke(null));
        attempt("private-lookup", () -> MethodHandles.privateLookupIn(FileChannel.class, MethodHandles.lookup()));
        byte[] ownClass = renamed();
        attempt("define-class", () -> MethodHandles.privateLookupIn(FileChannel.class, MethodHandles.lookup()).defineClass(ownClass));
        attempt("native-access", SecurityApp::askForNativeAccess);
        attempt("bridge", () -> {
            Class<?> bridge = Class.forName("java.nio.channels.ReadaheadBridge");
            Class<?> hooks = Class.forName("java.nio.channels.ReadaheadHooks");
            Method install = bridge.getDeclaredMethod("install", hooks);
            install.setAccessible(true);
            install.invoke(null, (Object) null);
        });
        attempt("bridge.hooks", () -> Class.forName("java.nio.channels.ReadaheadBridge").getDeclaredField("hooks").setAccessible(true));
        new TreeMap<>(System.getProperties()).forEach((name, value) -> {
            if (name.toString().contains("jna") || name.toString().contains("jnidispatch")) {
                System.out.println("property." + name + "=" + value);
            }
        });
    }

    private static void attempt(String name, Attempt attempt) {
        String outcome = "allowed";
        try {
            attempt.run();
        } catch (Throwable refused) {
            outcome = refused.getClass().getSimpleName();
        }
        System.out.println("try." + name + "=" + outcome);
    }

    /** Module.isNativeAccessEnabled, from JDK 22 on. */
    private static void askForNativeAccess() throws Throwable {
        Object enabled;
        try {
            enabled = Module.class.getMethod("isNativeAccessEnabled").invoke(SecurityApp.class.getModule());
        } catch (NoSuchMethodException ignored) {
            throw new IllegalAccessException("an older JDK has no such question");
        }
        if (!(boolean) enabled) {
            throw new IllegalAccessException("not enabled");
        }
    }

    /** A class file that says it is of java.nio.channels: this one's, with a name of the same length. */
    private static byte[] renamed() throws IOException {
        try (InputStream in = SecurityApp.class.getResourceAsStream("SecurityApp$Attempt.class")) {
            byte[] bytes = in.readAllBytes();
            byte[] own = "io/readahead/it/app/SecurityApp$Attempt".getBytes(StandardCharsets.US_ASCII);
            byte[] other = "java/nio/channels/Aaaaaaaaaaaa$Attempt1".getBytes(StandardCharsets.US_ASCII);
            for (int at = 0; at + own.length <= bytes.length; at++) {
                if (Arrays.equals(bytes, at, at + own.length, own, 0, own.length)) {
                    System.arraycopy(other, 0, bytes, at, own.length);
                }
            }
            return bytes;
        }
    }
}
