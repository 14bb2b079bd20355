package io.readahead.agent;

import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.CodeSigner;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * Loads what the agent needs, Byte Buddy and JNA among it, so that the application sees none of it and brings its own copies
 * in any version.
 *
 * <p>Delegation: 1. the platform loader (inside a server never the application's); 2. {@link #jna}, for the agent; 3.
 * {@code META-INF/isolated/} in the agent's jar.
 * <p>Threads: any.
 */
final class IsolatedClassLoader extends ClassLoader {

    private static final String FOLDER = "META-INF/isolated/";
    private static final String CLASS = ".class";
    /** How a class file's name ends in the jar, so that no other loader takes it for one. */
    private static final String CLASS_DATA = ".classdata";
    /** JNA, what stands in for java.util.logging in its classes, what loads its native half; and what the JDK never forgets. */
    private static final List<String> JNA = List.of("com/sun/jna/", "io/readahead/os/logging/", "io/readahead/os/JnaNativeHalf",
            "io/readahead/jdk/ProcessStderr");
    private static final List<String> EVERYTHING = List.of("");
    private static final long PRIME = 0x9E3779B97F4A7C15L;

    static {
        registerAsParallelCapable();
    }

    private final JarFile jar;
    private final List<String> only;
    private final URL jarUrl;
    private final ProtectionDomain domain;
    private final Path jarPath;
    private final BasicFileAttributes whenOpened;

    /** @param parent that of {@link #jna}; for the command line the system loader, which has the attach API */
    IsolatedClassLoader(Path jarPath, ClassLoader parent) throws IOException {
        this("readahead", jarPath, parent, EVERYTHING);
    }

    private IsolatedClassLoader(String name, Path jarPath, ClassLoader parent, List<String> only) throws IOException {
        super(name, parent);
        this.only = only;
        this.jarPath = jarPath;
        this.whenOpened = Files.readAttributes(jarPath, BasicFileAttributes.class);
        this.jar = new JarFile(jarPath.toFile(), false);
        this.jarUrl = jarPath.toUri().toURL();
        // The jar's own domain: what a security policy grants to the jar holds for all of it.
        CodeSource source = new CodeSource(jarUrl, (CodeSigner[]) null);
        this.domain = new ProtectionDomain(source, IsolatedClassLoader.class.getProtectionDomain().getPermissions(), this, null);
    }

    /**
     * A loader of JNA alone, which outlives the agents that are attached and taken off.
     *
     * <p>The JVM loads a native library once for each class loader that asks, and the libffi in JNA's never closes the temporary file
     * that it maps for its trampolines: a copy for each agent would cost the server a descriptor, and memory, each time.
     * <p>Source: libffi, {@code src/closures.c}, {@code dlmmap_locked} and {@code execfd}.
     */
    static IsolatedClassLoader jna(Path jarPath) throws IOException {
        return new IsolatedClassLoader("readahead-jna", jarPath, ClassLoader.getPlatformClassLoader(), JNA);
    }

    /** Whether this loader has the very classes that another one would have, and can still read them. */
    boolean standsFor(IsolatedClassLoader other) throws IOException {
        return !isOverwritten() && toString().equals(other.toString());
    }

    /** Whether other bytes were written into the file that is open here, so that what is not loaded yet can't be any more. */
    private boolean isOverwritten() throws IOException {
        if (!Files.exists(jarPath)) {
            return false;
        }
        BasicFileAttributes now = Files.readAttributes(jarPath, BasicFileAttributes.class);
        return now.fileKey().equals(whenOpened.fileKey())
                && (now.size() != whenOpened.size() || !now.lastModifiedTime().equals(whenOpened.lastModifiedTime()));
    }

    /** The loader's name, and a sum over all that it can load, by which later agents know whether they are another build. */
    @Override
    public String toString() {
        long sum = jar.stream().filter(entry -> entry.getName().startsWith(FOLDER)
                        && only.stream().anyMatch(name -> entry.getName().startsWith(name, FOLDER.length())))
                .mapToLong(entry -> entry.getName().hashCode() * PRIME + entry.getCrc()).sum();
        return getName() + "-" + Long.toHexString(sum);
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] bytes = read(name.replace('.', '/') + CLASS_DATA);
        if (bytes == null) {
            throw new ClassNotFoundException(name);
        }
        try {
            return defineClass(name, bytes, 0, bytes.length, domain);
        } catch (LinkageError failure) {
            // Another agent's transformer asked for the class while it was being defined, and so defined it first, in this thread.
            Class<?> defined = findLoadedClass(name);
            if (defined == null) {
                throw failure;
            }
            return defined;
        }
    }

    private byte[] read(String name) throws ClassNotFoundException {
        JarEntry entry = find(name);
        if (entry == null) {
            return null;
        }
        try (InputStream in = jar.getInputStream(entry)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new ClassNotFoundException(name + " could not be read from " + jar.getName(), e);
        }
    }

    /** Without a URL: that would open the jar once more and load what the JDK has for that. */
    @Override
    public InputStream getResourceAsStream(String name) {
        try {
            JarEntry entry = find(name);
            return entry == null ? super.getResourceAsStream(name) : jar.getInputStream(entry);
        } catch (IOException ignored) {
            return null;
        }
    }

    /** A class file is found under its own name too: transformers of other agents look there before they load a class. */
    private JarEntry find(String name) {
        if (only.stream().noneMatch(name::startsWith)) {
            return null;
        }
        JarEntry entry = jar.getJarEntry(FOLDER + name);
        return entry == null && name.endsWith(CLASS) ? find(name.substring(0, name.length() - CLASS.length()) + CLASS_DATA) : entry;
    }

    @Override
    protected URL findResource(String name) {
        JarEntry entry = find(name);
        if (entry == null) {
            return null;
        }
        try {
            return new URL("jar:" + jarUrl + "!/" + entry.getName());
        } catch (MalformedURLException e) {
            throw new IllegalStateException("no URL for " + name + " in " + jarUrl, e);
        }
    }

    @Override
    protected Enumeration<URL> findResources(String name) {
        URL found = findResource(name);
        return found == null ? Collections.emptyEnumeration() : Collections.enumeration(Collections.singleton(found));
    }
}
