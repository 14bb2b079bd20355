package io.readahead.start;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Properties;

/** The version of this jar, written into it by the build. */
public final class AgentVersion {

    private AgentVersion() {
    }

    /** The path of the jar that this was loaded from, by which the agent can be called again; empty where it has none. */
    static String jar() {
        CodeSource source = AgentVersion.class.getProtectionDomain().getCodeSource();
        try {
            return source == null ? "" : Path.of(source.getLocation().toURI()).toString();
        } catch (URISyntaxException | RuntimeException noFile) {
            return "";
        }
    }

    /** The version; "unknown" where the jar does not say. */
    public static String text() {
        Properties properties = new Properties();
        try (InputStream in = AgentVersion.class.getResourceAsStream("version.properties")) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException ignored) {
            // a line without its number is worth more than none
        }
        return properties.getProperty("version", "unknown");
    }
}
