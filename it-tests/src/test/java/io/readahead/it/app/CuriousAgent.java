package io.readahead.it.app;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.net.URL;
import java.security.ProtectionDomain;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * An agent that looks at each class of ours while it is being defined: at its file, and by its loader at the class itself, its
 * superclass and the classes around it, as agents do that follow data through methods. Changes nothing.
 *
 * <p>Says on stdout at the end of the JVM how many it looked at, and what was not to be had.
 */
public final class CuriousAgent implements ClassFileTransformer {

    /** How its line on stdout begins. */
    public static final String PREFIX = "curious: ";

    private static final String LOADERS = "io.readahead.agent.";
    private static final int HEAD_BYTES = 8;
    private static final int UTF8 = 1;
    private static final int CLASS = 7;
    private static final Set<Integer> TWO_BYTES = Set.of(CLASS, 8, 16, 19, 20);
    private static final int METHOD_HANDLE = 15;
    private static final Set<Integer> TWO_ENTRIES = Set.of(5, 6);

    private final Set<String> seen = new ConcurrentSkipListSet<>();
    private final Set<String> missed = new ConcurrentSkipListSet<>();

    private CuriousAgent() {
    }

    /** Called by the JVM. */
    public static void premain(String arguments, Instrumentation instrumentation) {
        CuriousAgent agent = new CuriousAgent();
        instrumentation.addTransformer(agent);
        Runtime.getRuntime().addShutdownHook(new Thread(
                () -> System.out.println(PREFIX + "looked at " + agent.seen.size() + " classes, missed " + agent.missed)));
    }

    @Override
    public byte[] transform(Module module, ClassLoader loader, String className, Class<?> redefined, ProtectionDomain domain,
            byte[] bytes) {
        if (loader == null || !loader.getClass().getName().startsWith(LOADERS) || domain == null) {    // a proxy has none, nor a file
            return null;
        }
        seen.add(className);
        lookAtFile(loader, className, bytes);
        Set<String> names = new TreeSet<>(Set.of(className, superclass(bytes)));
        for (int end = className.lastIndexOf('$'); end > 0; end = className.lastIndexOf('$', end - 1)) {
            names.add(className.substring(0, end));
        }
        names.forEach(name -> load(loader, name.replace('/', '.')));
        return null;
    }

    private void lookAtFile(ClassLoader loader, String className, byte[] bytes) {
        String file = className + ".class";
        URL url = loader.getResource(file);
        try (InputStream stream = loader.getResourceAsStream(file); InputStream opened = url == null ? null : url.openStream()) {
            if (stream == null || opened == null || !Arrays.equals(bytes, stream.readAllBytes())
                    || !Arrays.equals(bytes, opened.readAllBytes())) {
                missed.add(file);
            }
        } catch (IOException failure) {
            missed.add(file + " " + failure);
        }
    }

    private void load(ClassLoader loader, String name) {
        try {
            if (loader.loadClass(name) != Class.forName(name, false, loader)) {
                missed.add(name + " is two classes");
            }
        } catch (ReflectiveOperationException | LinkageError failure) {
            missed.add(name + " " + failure);
        }
    }

    private static String superclass(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, HEAD_BYTES, bytes.length - HEAD_BYTES))) {
            int count = in.readUnsignedShort();
            String[] texts = new String[count];
            int[] classes = new int[count];
            for (int i = 1; i < count; i++) {
                int tag = in.readUnsignedByte();
                if (tag == UTF8) {
                    texts[i] = in.readUTF();
                } else if (tag == CLASS) {
                    classes[i] = in.readUnsignedShort();
                } else if (TWO_BYTES.contains(tag)) {
                    in.readShort();
                } else if (tag == METHOD_HANDLE) {
                    in.readByte();
                    in.readShort();
                } else {
                    in.readInt();
                    if (TWO_ENTRIES.contains(tag)) {
                        in.readInt();
                        i++;
                    }
                }
            }
            in.readInt();    // access flags and the class itself
            return texts[classes[in.readUnsignedShort()]];
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
