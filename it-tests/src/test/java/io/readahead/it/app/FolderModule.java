package io.readahead.it.app;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A named module with one package of a class folder; it requires {@code java.base} and nothing else. */
final class FolderModule extends ModuleReference {

    private final Path folder;

    FolderModule(String name, String packageName, Path folder) {
        super(ModuleDescriptor.newModule(name).exports(packageName).requires("java.base").build(), folder.toUri());
        this.folder = folder;
    }

    /** Defines it in a layer of its own. */
    ModuleLayer layer() {
        ModuleLayer boot = ModuleLayer.boot();
        ModuleFinder finder = new ModuleFinder() {
            @Override
            public Optional<ModuleReference> find(String name) {
                return name.equals(descriptor().name()) ? Optional.of(FolderModule.this) : Optional.empty();
            }

            @Override
            public Set<ModuleReference> findAll() {
                return Set.of(FolderModule.this);
            }
        };
        return boot.defineModulesWithOneLoader(
                boot.configuration().resolve(finder, ModuleFinder.of(), Set.of(descriptor().name())), ClassLoader.getPlatformClassLoader());
    }

    @Override
    public ModuleReader open() {
        return new ModuleReader() {
            @Override
            public Optional<URI> find(String name) {
                return Files.exists(folder.resolve(name)) ? Optional.of(folder.resolve(name).toUri()) : Optional.empty();
            }

            @Override
            public Stream<String> list() throws IOException {
                return Stream.empty();
            }

            @Override
            public void close() {
                // Files are opened one by one.
            }
        };
    }
}
