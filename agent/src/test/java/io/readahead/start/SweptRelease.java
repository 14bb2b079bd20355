package io.readahead.start;

import io.readahead.adapter.Reflection;
import io.readahead.adapter.ServerAdapter;
import io.readahead.weave.BridgeCalls;
import io.readahead.weave.CallSiteTransformer;
import io.readahead.weave.PackageFilter;
import io.readahead.weave.Recipe;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** The jars of a release and of what it needs, loaded as by a server with the agent at its defaults, and what came of it. */
final class SweptRelease extends URLClassLoader {

    /** Stands in a list behind a class that the agent leaves as it is, and tells of. */
    private static final String PASSES = ":passes";

    private final List<Path> jars;
    private final CallSiteTransformer transformer;
    private final List<ServerAdapter> adapters;
    /** {@code CLASS:CALLS}, without its package. */
    private final Set<String> woven = new TreeSet<>();
    /** Lines that a user would read. */
    private final Set<String> said = new LinkedHashSet<>();
    private final Set<String> wrong = new LinkedHashSet<>();
    private final Set<String> notVerified = new LinkedHashSet<>();

    SweptRelease(Path folder, List<Recipe> recipes) throws IOException {
        this(jarsIn(folder), recipes);
    }

    private SweptRelease(List<Path> jars, List<Recipe> recipes) throws IOException {
        super(urls(jars), SweptRelease.class.getClassLoader());
        this.jars = jars;
        this.transformer = new CallSiteTransformer(new PackageFilter(List.of(AgentOptions.DEFAULT_PACKAGES.split(":"))),
                Servers.IN_ANY_PACKAGE, recipes, () -> { }, said::add, line -> { }, (site, met) -> { });
        this.adapters = Servers.each(new Reflection(null), said::add);
    }

    private static List<Path> jarsIn(Path folder) throws IOException {
        List<Path> jars = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "*.jar")) {
            found.forEach(jars::add);
        }
        if (jars.isEmpty()) {
            throw new IOException("no jar in " + folder);
        }
        return jars.stream().sorted().toList();
    }

    private static URL[] urls(List<Path> jars) throws IOException {
        List<URL> urls = new ArrayList<>();
        for (Path jar : jars) {
            urls.add(jar.toUri().toURL());
        }
        return urls.toArray(URL[]::new);
    }

    /** Weaves all classes that the agent would, and has the JVM verify them. */
    void weave() throws IOException {
        for (Path jar : jars) {
            try (JarFile file = new JarFile(jar.toFile())) {
                for (JarEntry entry : file.stream().filter(SweptRelease::isClass).toList()) {
                    try (InputStream in = file.getInputStream(entry)) {
                        String name = entry.getName().substring(0, entry.getName().length() - ".class".length());
                        byte[] changed = transformer.transform(this, name, null, null, in.readAllBytes());
                        if (changed != null) {
                            woven.add(name.substring(name.lastIndexOf('/') + 1) + ":" + String.join("+", BridgeCalls.of(changed)));
                            link(name.replace('/', '.'));
                        }
                    }
                }
            }
        }
    }

    private static boolean isClass(JarEntry entry) {
        String name = entry.getName();
        return name.endsWith(".class") && !name.startsWith("META-INF") && !name.endsWith("module-info.class");
    }

    /** Initializes a class, for that links it first. What is thrown by its own code says that it was verified. */
    private void link(String name) {
        try {
            Class.forName(name, true, this);
        } catch (UnsupportedClassVersionError tooNew) {
            notVerified.add(name.substring(name.lastIndexOf('.') + 1) + ", which is of a newer Java");
        } catch (LinkageError | ClassNotFoundException failure) {
            if (Stream.of(failure.getStackTrace()).noneMatch(frame -> frame.getMethodName().equals("<clinit>"))
                    && !(failure instanceof ExceptionInInitializerError)) {
                wrong.add(name + ": " + firstLineOf(failure));
            }
        }
    }

    private static String firstLineOf(Throwable failure) {
        return failure.toString().lines().findFirst().orElse("");
    }

    /** Asks an adapter about an object of the release's. */
    void ask(AdapterQuestion question) throws IOException {
        ServerAdapter asked = adapters.stream().filter(one -> one.getClass().getSimpleName().equals(question.adapter())).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no adapter " + question.adapter()));
        try {
            if (question.ask(asked, this) == null) {
                wrong.add(question.adapter() + " does not know " + question.object());
            }
        } catch (UnsupportedClassVersionError tooNew) {
            notVerified.add(question.adapter() + ", of classes of a newer Java");
        } catch (ReflectiveOperationException | LinkageError | RuntimeException failure) {
            wrong.add(question.adapter() + " can't be asked about " + question.object() + ": " + firstLineOf(failure));
        }
    }

    /**
     * Whether everything is woven that is to be, and found that is reached, and the log tells of nothing but what is to pass through.
     *
     * @param expected {@code CLASS:CALLS}, or {@code CLASS:passes}; what only calls transferTo may be woven besides
     */
    boolean isAsExpected(Set<String> expected) {
        return wrong.isEmpty() && missing(expected).isEmpty() && unexpected(expected).isEmpty();
    }

    /** What came of it, in a line. @param expected what is to be woven */
    String result(Set<String> expected) {
        Set<String> told = new TreeSet<>(woven);
        told.removeIf(one -> onlySends(one) && !expected.contains(one));
        List<String> parts = new ArrayList<>();
        add(parts, "woven: ", told);
        if (told.size() < woven.size()) {
            parts.add("other classes that call transferTo: " + (woven.size() - told.size()));
        }
        add(parts, "passes through: ", said);
        add(parts, "not verified: ", notVerified);
        add(parts, "WRONG: ", wrong);
        add(parts, "WRONG: not as the list says: ", missing(expected));
        add(parts, "WRONG: not in the list: ", unexpected(expected));
        return parts.isEmpty() ? "nothing to weave" : String.join("; ", parts);
    }

    private static boolean onlySends(String one) {
        return one.endsWith(":transferTo");
    }

    private Set<String> missing(Set<String> expected) {
        Set<String> missing = new TreeSet<>(expected);
        missing.removeAll(woven);
        missing.removeIf(one -> one.endsWith(PASSES) && said.stream().anyMatch(line -> tellsOf(line, one)));
        return missing;
    }

    private Set<String> unexpected(Set<String> expected) {
        Set<String> unexpected = new TreeSet<>(woven);
        unexpected.removeIf(one -> onlySends(one) || expected.contains(one));
        said.stream().filter(line -> expected.stream().noneMatch(one -> one.endsWith(PASSES) && tellsOf(line, one)))
                .forEach(unexpected::add);
        return unexpected;
    }

    private static boolean tellsOf(String line, String passing) {
        return line.contains("." + passing.substring(0, passing.length() - PASSES.length()) + " ");
    }

    private static void add(List<String> parts, String words, Set<String> what) {
        if (!what.isEmpty()) {
            parts.add(words + String.join(", ", what));
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] classFile = in.readAllBytes();
            byte[] changed = transformer.transform(this, name.replace('.', '/'), null, null, classFile);
            byte[] file = changed == null ? classFile : changed;
            return defineClass(name, file, 0, file.length);
        } catch (IOException unreadable) {
            throw new ClassNotFoundException(name, unreadable);
        }
    }
}
