package io.readahead.weave;

import io.readahead.jdk.Privileged;
import java.lang.instrument.ClassFileTransformer;
import java.security.ProtectionDomain;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Rewrites the calls of the chosen classes that send files, by all recipes that concern a class.
 *
 * <p>Errors: what goes wrong is reported and the class stays as it is ("the exception is ignored by the JVM").
 * <p>Threads: those that load or retransform classes.
 */
public final class CallSiteTransformer implements ClassFileTransformer {

    private static final Module JAVA_BASE = Object.class.getModule();

    private final PackageFilter packages;
    private final Implementers implementers;
    private final List<Recipe> recipes;
    private final Runnable beforeFirst;
    private final Consumer<String> report;
    private final Consumer<String> note;
    private final BiConsumer<String, String> notWoven;
    private final Set<String> woven = ConcurrentHashMap.newKeySet();

    /**
     * @param implementers classes that are chosen whatever their package
     * @param recipes in the order in which they are applied
     * @param beforeFirst runs each time before a woven class is handed to the JVM; sees to it that the hooks are in place
     * @param report is told, in a line, of a class that could not be woven
     * @param note is told of each class that is woven
     * @param notWoven is told of each class that could not be, and of each class and method with a call that could not, with the name of
     *                 the class that is the reason
     */
    public CallSiteTransformer(PackageFilter packages, Implementers implementers, List<Recipe> recipes, Runnable beforeFirst,
                               Consumer<String> report, Consumer<String> note, BiConsumer<String, String> notWoven) {
        this.packages = packages;
        this.implementers = implementers;
        this.recipes = recipes;
        this.beforeFirst = beforeFirst;
        this.report = report;
        this.note = note;
        this.notWoven = notWoven;
    }

    @Override
    public byte[] transform(ClassLoader loader, String className, Class<?> redefined, ProtectionDomain domain, byte[] classFile) {
        if (className == null || loader == CallSiteTransformer.class.getClassLoader()) {
            return null;
        }
        try {
            if (!packages.matches(className) && !implementers.include(loader, classFile)) {
                return null;
            }
            byte[] changed = weave(className, loader, classFile);
            if (changed != null) {
                Privileged.run(beforeFirst);
                woven.add(className.replace('/', '.'));
                note.accept(className.replace('/', '.') + " woven");
            }
            return changed;
        } catch (Throwable failure) {
            notWoven.accept(className.replace('/', '.'), className.replace('/', '.'));
            report.accept(className.replace('/', '.') + " could not be woven and stays as it is: "
                    + (failure instanceof WrongShapeException ? failure.getMessage() : failure));
            return null;
        }
    }

    /**
     * Whether a class that is loaded already may have something to weave.
     *
     * @param classFile asked for only where name and ancestors don't settle it; null where it is not to be had: then it may
     */
    public boolean mayConcern(Class<?> type, Supplier<byte[]> classFile) {
        // Most of what is loaded when a JVM starts; nothing of a server is there.
        return type.getModule() != JAVA_BASE && mayConcern(type.getName(), () -> implementers.mayInclude(type), classFile);
    }

    boolean mayConcern(String dottedName, BooleanSupplier isImplementer, Supplier<byte[]> classFile) {
        String internalName = dottedName.replace('.', '/');
        if (!packages.matches(internalName) && !isImplementer.getAsBoolean()) {
            return false;
        }
        byte[] bytes = classFile.get();
        return bytes == null || recipes.stream().anyMatch(recipe -> recipe.concerns(internalName, bytes));
    }

    /** Whether a class of that name was woven, in whichever loader. */
    public boolean wove(String dottedName) {
        return woven.contains(dottedName);
    }

    private void tellLeftOut(Recipe recipe, ClassLoader loader, byte[] classFile) {
        try {
            recipe.leftOut(loader, classFile, notWoven);
        } catch (RuntimeException ignored) {
            // Only figures are at stake; the class is woven all the same.
        }
    }

    /** @return null where there is nothing to weave */
    private byte[] weave(String className, ClassLoader loader, byte[] classFile) throws WrongShapeException {
        byte[] changed = null;
        for (Recipe recipe : recipes) {
            if (recipe.concerns(className, classFile)) {
                byte[] woven = recipe.weave(loader, changed == null ? classFile : changed);
                changed = woven == null ? changed : woven;
                tellLeftOut(recipe, loader, classFile);
            }
        }
        return changed;
    }
}
