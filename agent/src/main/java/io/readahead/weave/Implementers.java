package io.readahead.weave;

import java.util.List;
import net.bytebuddy.jar.asm.ClassReader;

/**
 * Classes that are looked at whatever their package: those that call {@code transferTo} themselves and implement an interface of a server.
 *
 * <p>Every class that a server loads is asked for here, so the raw bytes are looked at first: of 25,000 classes of big servers five name
 * {@code transferTo} with its descriptor, and only of these the ancestors are looked up.
 *
 * <p>Threads: any.
 *
 * @param endings how the internal names of the interfaces end, so that relocated copies are met too; empty for no class at all
 */
public record Implementers(List<String> endings) {

    /** No class. */
    public static final Implementers NONE = new Implementers(List.of());

    /**
     * Whether a class that is being loaded is one.
     *
     * @param loader who loads it; the JDK's own, null, has none
     */
    boolean include(ClassLoader loader, byte[] classFile) {
        if (loader == null || endings.isEmpty() || !ConstantPoolScan.mayCallTransferTo(classFile)) {
            return false;
        }
        try {
            return Ancestry.hasInterface(endings, loader, new ClassReader(classFile));
        } catch (RuntimeException ignored) {
            return false;    // damaged, or newer than is known: nobody chose this class
        }
    }

    /** Whether a class that is loaded already may be one: its ancestors are at hand. */
    boolean mayInclude(Class<?> type) {
        if (endings.isEmpty() || type.getClassLoader() == null) {
            return false;
        }
        for (Class<?> each : type.getInterfaces()) {
            String name = each.getName().replace('.', '/');
            if (endings.stream().anyMatch(name::endsWith) || mayInclude(each)) {
                return true;
            }
        }
        return type.getSuperclass() != null && mayInclude(type.getSuperclass());
    }
}
