package io.readahead.start;

import io.readahead.jdk.ModuleOpener;
import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.Instrumentation;
import java.util.Properties;

/**
 * The first class of the isolated loader: reads the options, opens the JDK, defines the bridge, and only then lets
 * {@link Assembly} and with it everything that refers to the bridge be loaded.
 *
 * <p>Threads: the one that runs premain.
 */
public final class Startup {

    private Startup() {
    }

    /**
     * Starts the agent.
     *
     * <p>Errors: what is wrong is one line in the log, and the server runs as without the agent.
     *
     * @return false where the JVM shall stop: an option is wrong and strict=true was asked for
     */
    public static boolean start(String arguments, Instrumentation instrumentation) {
        Properties properties = System.getProperties();
        try {
            AgentOptions options = AgentOptions.parse(arguments, properties);
            Log log = new Log(options.log());
            if (!options.on()) {
                log.line(version() + " OFF by mode=off; nothing is woven");
                return true;
            }
            ModuleOpener.open(instrumentation);
            BridgeInstaller.define();
            new Assembly(instrumentation, options, log, version()).run();
            return true;
        } catch (OptionException wrong) {
            boolean strict = AgentOptions.isStrict(arguments, properties);
            new Log("stderr").line(version() + " INACTIVE: " + wrong.getMessage()
                    + (strict ? "; strict=true: the JVM stops" : "; the server starts without the agent"));
            return !strict;
        } catch (Throwable failure) {
            new Log("stderr").line(version() + " INACTIVE: " + failure + "; the server starts without the agent");
            return true;
        }
    }

    private static String version() {
        Properties properties = new Properties();
        try (InputStream in = Startup.class.getResourceAsStream("version.properties")) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException ignored) {
            // the line is worth more than its number
        }
        return properties.getProperty("version", "unknown");
    }
}
