package io.readahead.agent;

import java.io.File;
import java.io.IOException;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/**
 * What a JVM was started for, as the launcher tells it in system properties.
 *
 * <p>{@code JAVA_TOOL_OPTIONS} of an image reaches every JVM that is started there: keytool, jcmd, and the agent's own commands, which are
 * no servers.
 * <p>Errors: never throws; of what it can't tell it says that it is a server. Threads: any.
 * <p>Source: {@code libjli/java.c}, JDK 17 to 25: SetJavaCommandLineProp, SetMainModule. {@code java Server.java} is a program of the
 * compiler's too, and has no {@code jdk.module.main}.
 */
final class HostProgram {

    /** The agent's jar is far smaller; a server's may have more entries than it is worth reading the table of. */
    private static final long LARGEST_OF_OURS_BYTES = 4 << 20;
    /** Where jshell runs what is typed: a JVM of its own, started without a module. */
    private static final String OF_JSHELL = "jdk.jshell.";
    private static final String COMMANDS = "io.readahead.agent.Main";

    private final String command;
    private final String mainModule;
    private final String classPath;

    /**
     * @param command {@code sun.java.command}: main class, module or jar, and arguments; null where no launcher started the JVM
     * @param mainModule {@code jdk.module.main}, or null
     * @param classPath {@code java.class.path}; with -jar the jar, and what agents have put behind it
     */
    HostProgram(String command, String mainModule, String classPath) {
        this.command = command == null ? "" : command;
        this.mainModule = mainModule == null ? "" : mainModule;
        this.classPath = classPath == null ? "" : classPath;
    }

    /** Whether this JVM runs a tool of the JDK, or one of the agent's own commands. */
    static boolean isToolHere() {
        try {
            return new HostProgram(System.getProperty("sun.java.command"), System.getProperty("jdk.module.main"),
                    System.getProperty("java.class.path")).isTool();
        } catch (RuntimeException refused) {
            return false;    // a security manager
        }
    }

    /** The same, of what the properties say. */
    boolean isTool() {
        if (mainModule.startsWith("jdk.") || mainModule.startsWith("java.")) {
            return true;
        }
        String program = command.substring(0, end(command, ' '));
        String mainClass = program.substring(mainModule.isEmpty() ? 0 : program.indexOf('/') + 1).replace('/', '.');
        return mainClass.equals(COMMANDS) || mainClass.startsWith(OF_JSHELL) || isOurModule() || isOurJar();
    }

    /** {@code -m MODULE} alone takes the main class from the module. */
    private boolean isOurModule() {
        return !mainModule.isEmpty() && ModuleLayer.boot().findModule(mainModule)
                .flatMap(module -> module.getDescriptor().mainClass()).filter(COMMANDS::equals).isPresent();
    }

    /** Whatever its name is, and wherever it lies. */
    private boolean isOurJar() {
        String first = classPath.substring(0, end(classPath, File.pathSeparatorChar));
        if (first.isEmpty() || !(command + ' ').startsWith(first + ' ')) {
            return false;    // not by -jar
        }
        File file = new File(first);
        if (file.length() > LARGEST_OF_OURS_BYTES) {
            return false;
        }
        try (JarFile jar = new JarFile(file, false)) {
            Manifest manifest = jar.getManifest();
            return manifest != null && COMMANDS.equals(manifest.getMainAttributes().getValue(Attributes.Name.MAIN_CLASS));
        } catch (IOException | RuntimeException notReadable) {
            return false;
        }
    }

    private static int end(String text, char delimiter) {
        int at = text.indexOf(delimiter);
        return at < 0 ? text.length() : at;
    }
}
