package io.readahead.it.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Defines classes of a folder by itself and sees nothing else but the platform, as the loaders of JBoss Modules and of OSGi bundles do.
 *
 * <p>Beyond {@code java.*} it delegates to nobody, not even for the agent's package.
 */
final class ClassFolderLoader extends ClassLoader {

    private final Path folder;
    private final String refused;

    /** @param refused beginning of class names that aren't there */
    ClassFolderLoader(Path folder, String refused) {
        super("folder", null);
        this.folder = folder;
        this.refused = refused;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            if (name.startsWith("java.")) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? define(name) : loaded;
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        if (name.startsWith(refused)) {
            throw new ClassNotFoundException(name + " isn't there");
        }
        try {
            byte[] bytes = Files.readAllBytes(folder.resolve(name.replace('.', '/') + ".class"));
            return defineClass(name, bytes, 0, bytes.length);
        } catch (IOException failure) {
            throw new ClassNotFoundException(name, failure);
        }
    }
}
