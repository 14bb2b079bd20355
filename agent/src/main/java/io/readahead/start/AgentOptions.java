package io.readahead.start;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

/**
 * The agent's options. Grammar: {@code key=value,key=value...}; {@code -Dreadahead.key=value} wins;
 * of a key that is given more than once, the last.
 *
 * <ul>
 * <li>{@code packages}: names separated by colons; a package with its subpackages, or a class; {@code *} is a wildcard
 * <li>{@code mapped}: names as of {@code packages}, whose writes of mapped files to sockets are woven too; default none
 * <li>{@code threads}: readahead threads for each file store, 1 to 256; default: two for each core, 8 to 32
 * <li>{@code window}: the most that is read ahead of one stream at a time, 64k to 64m; default 1m, less where memory is small
 * <li>{@code budget}: the most that is read ahead and not yet sent, 1m to 64g, at least one window; default: an eighth of the memory
 * <li>{@code mode}: on, observe (look and tell, change nothing) or off; default on
 * <li>{@code log}: stderr, off, or the absolute path of a file; default stderr
 * <li>{@code log.level}: error, warn, info or debug: the least that is written; default info
 * <li>{@code strict}: true or false; default false; true stops the JVM where an option is wrong
 * <li>{@code debug.cold} (only as a property): test aid; milliseconds, 0 to 60000
 * <li>{@code debug.stats} (only as a property): test aid; true or false
 * </ul>
 *
 * <p>Sizes are whole numbers of bytes, or with k, m or g behind them.
 *
 * @param packages names as given
 * @param mapped names as given
 * @param threads for each file store
 * @param windowBytes the largest window
 * @param budgetBytes over all streams
 * @param mode what the agent is to do
 * @param log where the log goes
 * @param logLevel the least that is written
 * @param debugColdMillis 0 where the test aid is off
 * @param debugStats whether the counters are printed at exit
 */
public record AgentOptions(List<String> packages, List<String> mapped, int threads, long windowBytes, long budgetBytes, Mode mode,
                           String log, Log.Level logLevel, long debugColdMillis, boolean debugStats) {

    /** What the agent is to do. */
    public enum Mode {
        /** Read ahead, so that no event loop waits for the disk. */
        ON,
        /** Change nothing; say whether event loops wait for the disk. */
        OBSERVE,
        /** Nothing; no class is woven. */
        OFF
    }

    /** The servers that the integration tests cover. */
    static final String DEFAULT_PACKAGES = "io.netty.channel:*.io.netty.channel:io.netty.handler.stream:*.io.netty.handler.stream"
            + ":org.apache.tomcat.util.net:org.xnio:io.undertow:org.apache.kafka.common.network:org.eclipse.jetty.io"
            + ":org.eclipse.jetty.http2.generator"
            + ":io.readahead.examples.jetty:org.glassfish.grizzly:org.apache.mina:org.apache.pekko.io:akka.io";

    private static final String PACKAGES = "packages";
    private static final String MAPPED = "mapped";
    private static final String PREFIX = "readahead.";
    private static final String BUDGET = "budget";
    private static final String STRICT = "strict";
    private static final String LOG_LEVEL = "log.level";
    private static final String DEBUG_COLD = "debug.cold";
    private static final String DEBUG_STATS = "debug.stats";
    private static final Set<String> KEYS = defaults(new Host(1, 0)).keySet();
    private static final Set<String> PROPERTIES_ONLY = Set.of(DEBUG_COLD, DEBUG_STATS);
    private static final long KIB = 1024;
    private static final long MIB = 1024 * KIB;
    private static final long GIB = 1024 * MIB;
    private static final int MAX_THREADS = 256;
    private static final long MAX_COLD_MILLIS = 60_000;

    private static Map<String, String> defaults(Host host) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put(PACKAGES, DEFAULT_PACKAGES);
        values.put(MAPPED, "");
        values.put("threads", Integer.toString(host.threads()));
        values.put("window", text(host.windowBytes()));
        values.put(BUDGET, null);    // depends on the window
        values.put("mode", "on");
        values.put("log", "stderr");
        values.put(LOG_LEVEL, "info");
        values.put(STRICT, "false");
        return values;
    }

    /**
     * Reads the options.
     *
     * @param arguments what stood behind {@code -javaagent:jar=}; null for nothing
     * @param properties the JVM's; only read
     * @throws OptionException where something is wrong, naming key, value and what is allowed
     */
    public static AgentOptions parse(String arguments, Properties properties) throws OptionException {
        return parse(arguments, properties, Host.current());
    }

    static AgentOptions parse(String arguments, Properties properties, Host host) throws OptionException {
        Map<String, String> values = defaults(host);
        for (String pair : pairs(arguments)) {
            String key = key(pair);
            String value = value(pair);
            if (value == null) {
                throw new OptionException("'" + OptionException.shown(key)
                        + "' has no value; allowed is key=value,key=value with the keys " + keys());
            }
            known(key, KEYS.contains(key), value);
            values.put(key, value.trim());
        }
        for (String name : properties.stringPropertyNames()) {
            if (name.startsWith(PREFIX)) {
                String key = name.substring(PREFIX.length());
                known(key, KEYS.contains(key) || PROPERTIES_ONLY.contains(key), properties.getProperty(name));
                values.put(key, properties.getProperty(name).trim());
            }
        }
        if (values.get(BUDGET) == null) {
            // Whoever sets a large window alone means it: the budget that follows from the host is then at least that.
            long window = size("window", values.get("window"), 64 * KIB, 64 * MIB);
            values.put(BUDGET, text(Math.max(window, host.budgetBytes())));
        }
        return checked(values);
    }

    private static String[] pairs(String arguments) {
        return arguments == null || arguments.isBlank() ? new String[0] : arguments.split(",");
    }

    private static String key(String pair) {
        return pair.split("=", 2)[0].trim();
    }

    /** As it is written; null where there is none. */
    private static String value(String pair) {
        int equals = pair.indexOf('=');
        return equals < 0 ? null : pair.substring(equals + 1);
    }

    /** Whether nobody chose packages; who did gets those, and no class of another. */
    boolean hasDefaultPackages() {
        return packages.equals(List.of(DEFAULT_PACKAGES.split(":")));
    }

    /** Whether strict=true is asked for, however wrong the rest is. */
    static boolean isStrict(String arguments, Properties properties) {
        String strict = properties.getProperty(PREFIX + STRICT);
        if (strict == null) {
            for (String pair : pairs(arguments)) {
                if (key(pair).equals(STRICT) && value(pair) != null) {
                    strict = value(pair);    // the last counts, as in parse
                }
            }
        }
        return strict != null && strict.trim().equals("true");
    }

    /** What tells two starts apart: the jar's version and everything that can be chosen. */
    String identity(String version) {
        // Not by the record's toString: in JDK 17 a method handle of java.lang.runtime.ObjectMethods keeps the last type that it was
        // adapted to, here Log.Level, and with it all classes of an agent that was taken off.
        return String.join(" ", version, String.join(":", packages), String.join(":", mapped), Integer.toString(threads),
                Long.toString(windowBytes), Long.toString(budgetBytes), mode.name(), log, logLevel.name(),
                Long.toString(debugColdMillis), Boolean.toString(debugStats));
    }

    private static AgentOptions checked(Map<String, String> values) throws OptionException {
        long window = size("window", values.get("window"), 64 * KIB, 64 * MIB);
        long budget = size(BUDGET, values.get(BUDGET), MIB, 64 * GIB);
        if (budget < window) {
            throw new OptionException("budget=" + values.get(BUDGET) + " is below window=" + values.get("window")
                    + "; allowed is a budget of at least one window");
        }
        oneOf(STRICT, values.get(STRICT), "true", "false");
        return new AgentOptions(names(PACKAGES, values.get(PACKAGES)),
                values.get(MAPPED).isEmpty() ? List.of() : names(MAPPED, values.get(MAPPED)),
                (int) number("threads", values.get("threads"), 1, MAX_THREADS),
                window, budget, mode(values.get("mode")), log(values.get("log")),
                level(values.get(LOG_LEVEL)),
                number(DEBUG_COLD, values.getOrDefault(DEBUG_COLD, "0"), 0, MAX_COLD_MILLIS),
                oneOf(DEBUG_STATS, values.getOrDefault(DEBUG_STATS, "false"), "true", "false").equals("true"));
    }

    private static void known(String key, boolean isKnown, String value) throws OptionException {
        if (!isKnown) {
            throw new OptionException("'" + OptionException.shown(key) + "' (with the value '" + OptionException.shown(value)
                    + "') is no option; allowed are " + keys());
        }
    }

    private static String keys() {
        return String.join(", ", KEYS);
    }

    private static List<String> names(String key, String value) throws OptionException {
        List<String> names = new ArrayList<>();
        for (String name : value.split(":")) {
            if (!isName(name.trim())) {
                throw new OptionException(key + "=" + OptionException.shown(value) + " has the name '" + OptionException.shown(name)
                        + "'; allowed are package or class names separated by colons, with * as a wildcard");
            }
            names.add(name.trim());
        }
        if (names.isEmpty()) {
            throw new OptionException(key + "=" + OptionException.shown(value)
                    + " has no name; allowed are package or class names separated by colons, with * as a wildcard");
        }
        return List.copyOf(names);
    }

    private static Mode mode(String value) throws OptionException {
        return Mode.valueOf(oneOf("mode", value, "on", "observe", "off").toUpperCase(Locale.ROOT));
    }

    /** One with a dot too many, as of "io.netty.channel.", is no class's, and would have nothing woven without a word. */
    private static boolean isName(String name) {
        return !name.isEmpty() && name.chars().allMatch(AgentOptions::isInName)
                && !name.startsWith(".") && !name.endsWith(".") && !name.contains("..");
    }

    private static boolean isInName(int character) {
        return character == '.' || character == '*'
                || Character.isJavaIdentifierPart(character) && !Character.isIdentifierIgnorable(character);
    }

    private static String log(String value) throws OptionException {
        if (value.equals("stderr") || value.equals("off")) {
            return value;
        }
        String wrong = " is not known";
        try {
            if (Path.of(value).isAbsolute()) {
                return value;
            }
        } catch (InvalidPathException e) {
            wrong = " is no path that this JVM can name (" + e.getReason() + ")";    // as one with an umlaut under LC_ALL=C
        }
        throw new OptionException("log=" + OptionException.shown(value) + wrong
                + "; allowed are stderr, off and the absolute path of a file");
    }

    private static Log.Level level(String value) throws OptionException {
        for (Log.Level level : Log.Level.values()) {
            if (level.name().toLowerCase(Locale.ROOT).equals(value)) {
                return level;
            }
        }
        throw new OptionException(LOG_LEVEL + "=" + OptionException.shown(value)
                + " is not known; allowed are error, warn, info and debug");
    }

    private static String oneOf(String key, String value, String... allowed) throws OptionException {
        if (!List.of(allowed).contains(value)) {
            int last = allowed.length - 1;
            throw new OptionException(key + "=" + OptionException.shown(value) + " is not known; allowed are "
                    + String.join(", ", List.of(allowed).subList(0, last)) + " and " + allowed[last]);
        }
        return value;
    }

    private static long number(String key, String value, long least, long most) throws OptionException {
        try {
            long number = Long.parseLong(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException ignored) {
            // falls through to the message
        }
        throw new OptionException(key + "=" + OptionException.shown(value) + " is out of range; allowed is a whole number from " + least
                + " to " + most);
    }

    private static long size(String key, String value, long least, long most) throws OptionException {
        String digits = value.isEmpty() ? value : value.substring(0, value.length() - 1);
        long unit = value.endsWith("k") ? KIB : value.endsWith("m") ? MIB : value.endsWith("g") ? GIB : 1;
        try {
            long number = Long.parseLong(unit == 1 ? value : digits);
            if (number >= 0 && number <= most / unit && number * unit >= least) {
                return number * unit;
            }
        } catch (NumberFormatException ignored) {
            // falls through to the message
        }
        throw new OptionException(key + "=" + OptionException.shown(value) + " is out of range; allowed is a size from " + text(least)
                + " to " + text(most) + ", as 256k, 1m or 1g");
    }

    /** A size as the options write it. */
    static String text(long bytes) {
        if (bytes % GIB == 0) {
            return bytes / GIB + "g";
        }
        return bytes % MIB == 0 ? bytes / MIB + "m" : bytes % KIB == 0 ? bytes / KIB + "k" : Long.toString(bytes);
    }
}
