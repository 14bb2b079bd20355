package io.readahead.it.app;

import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * A second agent, after ours: sees the bytes that a class is defined with, and compares them with its file.
 *
 * <p>Transformers that may retransform are called in the order in which they were added, so this one gets what ours made.
 */
public final class ByteRecorder implements ClassFileTransformer {

    private static final String WATCHED = "io/readahead/it/";

    /** {@code same} or {@code changed} by class name; the last one defined of a name counts. */
    static final Map<String, String> SEEN = new ConcurrentSkipListMap<>();

    private ByteRecorder() {
    }

    /** Called by the JVM. */
    public static void premain(String arguments, Instrumentation instrumentation) {
        instrumentation.addTransformer(new ByteRecorder(), true);
    }

    @Override
    public byte[] transform(Module module, ClassLoader loader, String className, Class<?> redefined, ProtectionDomain domain,
            byte[] bytes) {
        if (className != null && className.startsWith(WATCHED)) {
            SEEN.put(className.replace('/', '.'), Arrays.equals(bytes, file(className)) ? "same" : "changed");
        }
        return null;
    }

    private static byte[] file(String className) {
        try (InputStream in = ClassLoader.getSystemResourceAsStream(className + ".class")) {
            return in == null ? new byte[0] : in.readAllBytes();
        } catch (IOException ignored) {
            return new byte[0];
        }
    }
}
