package io.readahead.weave;

import net.bytebuddy.jar.asm.ClassReader;
import java.io.IOException;
import java.io.InputStream;

/**
 * Says whether a class is a FileChannel, from class files alone: no class is loaded to find out.
 *
 * <p>Threads: those that load classes.
 */
final class Ancestry {

    static final String FILE_CHANNEL = "java/nio/channels/FileChannel";

    private static final int DEEPEST = 32;

    private Ancestry() {
    }

    /**
     * Walks up the superclasses.
     *
     * @param loader who would load the class; null for the bootstrap loader
     * @param own the class that is being woven, whose file is at hand: it may call itself
     * @return false where a class file is not to be had: on doubt nothing is woven
     */
    static boolean isFileChannel(String internalName, ClassLoader loader, ClassReader own) {
        return topOf(internalName, loader, own) == FILE_CHANNEL;
    }

    /** Whether nobody can tell. */
    static boolean isUnknown(String internalName, ClassLoader loader, ClassReader own) {
        return topOf(internalName, loader, own) == null;
    }

    /** @return {@link #FILE_CHANNEL}, another class that ends the way up, or null where a class file is not to be had */
    private static String topOf(String internalName, ClassLoader loader, ClassReader own) {
        String name = internalName;
        for (int depth = 0; depth < DEEPEST && name != null; depth++) {
            if (name.equals(FILE_CHANNEL)) {
                return FILE_CHANNEL;
            }
            if (name.startsWith("[") || name.equals("java/lang/Object")) {
                return name;
            }
            name = name.equals(own.getClassName()) ? own.getSuperName() : superclassOf(name, loader);
        }
        return name;
    }

    private static String superclassOf(String internalName, ClassLoader loader) {
        String resource = internalName + ".class";
        try (InputStream in = loader == null ? ClassLoader.getSystemResourceAsStream(resource) : loader.getResourceAsStream(resource)) {
            return in == null ? null : new ClassReader(in.readAllBytes()).getSuperName();
        } catch (IOException | RuntimeException ignored) {
            return null;    // not to be had, or no class file: the call stays as it is
        }
    }
}
