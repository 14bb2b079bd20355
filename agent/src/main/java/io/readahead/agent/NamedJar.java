package io.readahead.agent;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * The jar that is to be started, and with which options.
 *
 * <p>The JVM puts each jar that is attached at the end of the class path, takes the entry from the first that has it, and tells it nothing
 * of the path. So {@code attach} says it in front of the options, {@code jar=PATH,key=value}; commas in it are {@code %2C}, percent
 * signs {@code %25}. Where somebody else attaches, by jcmd, and jars of several paths are there, nobody knows which was meant.
 * <p>Threads: the one that attaches. Source: JDK 17 to 25, {@code InvocationAdapter.c}, Agent_OnAttach.
 */
final class NamedJar {

    private static final String JAR = "jar=";
    private static final String ENTRY = "io/readahead/agent/ReadaheadAgent.class";
    /** What was not there when the class was loaded can't have been meant. */
    private static boolean calledBefore;

    private final String name;
    private final String options;
    private final boolean mayBeAnother;

    private NamedJar(String name, String options, boolean mayBeAnother) {
        this.name = name;
        this.options = options;
        this.mayBeAnother = mayBeAnother;
    }

    /** The one that the entry was loaded from. */
    static NamedJar own(String options) {
        calledBefore = true;
        return new NamedJar(null, options, false);
    }

    /** The one that somebody who attaches means. */
    static NamedJar of(String arguments) {
        boolean later = calledBefore;
        calledBefore = true;
        if (arguments == null || !arguments.startsWith(JAR)) {
            return new NamedJar(null, arguments, later);
        }
        int end = arguments.indexOf(',');
        String path = arguments.substring(JAR.length(), end < 0 ? arguments.length() : end);
        return new NamedJar(path.replace("%2C", ",").replace("%25", "%"), end < 0 ? "" : arguments.substring(end + 1), false);
    }

    String options() {
        return options;
    }

    /**
     * Its path.
     *
     * <p>Errors: IllegalStateException that says which jars there are, where nobody said which is meant.
     */
    Path path() throws IOException, URISyntaxException {
        if (name != null) {
            return Path.of(name);
        }
        Path own = Path.of(NamedJar.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        if (mayBeAnother) {
            Set<Path> all = attached();
            if (all.size() > 1) {
                throw new IllegalStateException("agents of several jars were loaded into this JVM, which does not say which is meant: "
                        + all + "; put " + JAR + "PATH in front of the options, or use the command 'attach'");
            }
        }
        return own;
    }

    private static Set<Path> attached() throws IOException, URISyntaxException {
        Set<Path> jars = new TreeSet<>();
        for (URL url : Collections.list(ClassLoader.getSystemClassLoader().getResources(ENTRY))) {
            String text = url.toString();
            int end = text.indexOf("!/");
            if (text.startsWith("jar:") && end > 0) {
                jars.add(Path.of(new URI(text.substring("jar:".length(), end))));
            }
        }
        return jars;
    }
}
