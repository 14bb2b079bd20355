package io.readahead.weave;

import net.bytebuddy.jar.asm.ClassReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Says whether a class is a FileChannel, or has an interface, from class files alone: no class is loaded to find out.
 *
 * <p>Threads: those that load classes.
 */
final class Ancestry {

    static final String FILE_CHANNEL = "java/nio/channels/FileChannel";

    private static final int DEEPEST = 32;
    private static final int MOST_ANCESTORS = 256;

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

    /**
     * Whether an interface of the class, of its superclasses or of those interfaces has a name that ends so.
     *
     * @param endings of internal names
     * @return false where the class files between are not to be had
     */
    static boolean hasInterface(List<String> endings, ClassLoader loader, ClassReader own) {
        Set<String> met = new HashSet<>();
        Deque<String> next = new ArrayDeque<>();
        for (ClassReader type = own; type != null && met.size() < MOST_ANCESTORS;) {
            for (String name : type.getInterfaces()) {
                if (endings.stream().anyMatch(name::endsWith)) {
                    return true;
                }
            }
            Collections.addAll(next, type.getInterfaces());
            if (type.getSuperName() != null) {
                next.addFirst(type.getSuperName());
            }
            type = nextOf(next, met, loader);
        }
        return false;
    }

    private static ClassReader nextOf(Deque<String> names, Set<String> met, ClassLoader loader) {
        ClassReader found = null;
        while (found == null && !names.isEmpty()) {
            String name = names.removeFirst();
            if (!name.startsWith("java/") && met.add(name)) {
                found = read(name, loader);
            }
        }
        return found;
    }

    private static String superclassOf(String internalName, ClassLoader loader) {
        ClassReader type = read(internalName, loader);
        return type == null ? null : type.getSuperName();
    }

    /** @return null where the class file is not to be had, or is none: what is woven depends on it and stays as it is */
    private static ClassReader read(String internalName, ClassLoader loader) {
        String resource = internalName + ".class";
        try (InputStream in = loader == null ? ClassLoader.getSystemResourceAsStream(resource) : loader.getResourceAsStream(resource)) {
            return in == null ? null : new ClassReader(in.readAllBytes());
        } catch (IOException | RuntimeException ignored) {
            return null;
        }
    }
}
