package io.readahead.agent;

import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;

/** Main-Class: the command line, in a JVM of its own. */
public final class Main {

    private static final int EXIT_FAILED = 1;

    private Main() {
    }

    /** Hands over to {@code io.readahead.cli.ReadaheadCommand} and ends the JVM with its exit code. */
    public static void main(String[] arguments) throws Throwable {
        Path jar = Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        int exitCode;
        try {
            // The attach API belongs to the system loader.
            exitCode = (int) Class.forName("io.readahead.cli.ReadaheadCommand", true,
                    new IsolatedClassLoader(jar, ClassLoader.getSystemClassLoader()))
                    .getMethod("run", Path.class, String[].class).invoke(null, jar, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof NoClassDefFoundError missing) {
                System.err.println("readahead: this Java has no module jdk.attach, which the commands need: " + missing.getMessage());
                exitCode = EXIT_FAILED;
            } else {
                throw e.getCause();
            }
        }
        System.exit(exitCode);
    }
}
