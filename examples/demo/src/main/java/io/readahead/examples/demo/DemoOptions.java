package io.readahead.examples.demo;

import io.readahead.kit.Jdk;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/** The command line; parsing is pure but for {@code --java}, which has to be an installation. */
final class DemoOptions {

    static final String USAGE = """
            usage: examples/demo.sh [OPTION...]
              --server WHICH        example: transferTo from the selector thread of examples/jetty-file-server; jetty: Jetty as it
                                    comes, its ResourceHandler (default: example)
              --quick               one round instead of three: about a minute
              --keep                keep the data files (700 MB); the next run takes them
              --clients N           clients beside the hot one, 1 to 64 (default: 1)
              --disk-rate MB        MB/s that the server may read, 1 to 10000 (default: 40)
              --memory MB           memory of the server with its page cache, 256 to 65536 (default: 512)
              --no-cgroups          neither of the two limits, only eviction, as an ordinary user gets it
              --only without|with   one of the two variants
              --java HOME           JDK that the server runs on (default: the one that runs the demo)
              --agent-options TEXT  key=value,key=value... for the agent
              --data DIR            folder for the data files (default: examples/target/demo/data)
              --help                this text
            exit code: 0 every target reached, 1 one missed, 2 the demo could not run
            """;

    private boolean help;
    private ServerKind server = ServerKind.EXAMPLE;
    private boolean quick;
    private boolean keep;
    private boolean cgroups = true;
    private int clients = 1;
    private int diskRateMb = 40;
    private int memoryMb = 512;
    private Set<Variant> variants = EnumSet.allOf(Variant.class);
    private Jdk jdk = Jdk.current();
    private String agentOptions = "";
    private Path checkout = Path.of("");
    private Path data;

    private DemoOptions() {
    }

    /**
     * Reads the arguments.
     *
     * @throws UsageException names the option, its value and what is allowed
     */
    static DemoOptions parse(List<String> arguments) throws UsageException {
        DemoOptions options = new DemoOptions();
        for (Iterator<String> rest = arguments.iterator(); rest.hasNext();) {
            options.take(rest.next(), rest);
        }
        return options;
    }

    private void take(String name, Iterator<String> rest) throws UsageException {
        switch (name) {
            case "--help", "-h" -> help = true;
            case "--server" -> server = server(name, value(name, rest));
            case "--quick" -> quick = true;
            case "--keep" -> keep = true;
            case "--no-cgroups" -> cgroups = false;
            case "--clients" -> clients = number(name, rest, 1, 64);
            case "--disk-rate" -> diskRateMb = number(name, rest, 1, 10_000);
            case "--memory" -> memoryMb = number(name, rest, 256, 65_536);
            case "--only" -> variants = EnumSet.of(variant(name, value(name, rest)));
            case "--java" -> jdk = jdk(name, value(name, rest));
            case "--agent-options" -> agentOptions = value(name, rest);
            case "--data" -> data = Path.of(value(name, rest));
            // Set by demo.sh, which knows where it lies.
            case "--checkout" -> checkout = Path.of(value(name, rest));
            default -> throw new UsageException("unknown option " + name + "\n" + USAGE);
        }
    }

    private static String value(String name, Iterator<String> rest) throws UsageException {
        if (!rest.hasNext()) {
            throw new UsageException(name + " needs a value\n" + USAGE);
        }
        return rest.next();
    }

    private static int number(String name, Iterator<String> rest, int least, int most) throws UsageException {
        String value = value(name, rest);
        try {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException ignored) {
            // Said below, as for a number out of range.
        }
        throw new UsageException(name + " " + value + ": a whole number from " + least + " to " + most + " is allowed");
    }

    private static ServerKind server(String name, String value) throws UsageException {
        return switch (value) {
            case "example" -> ServerKind.EXAMPLE;
            case "jetty" -> ServerKind.JETTY;
            default -> throw new UsageException(name + " " + value + ": example or jetty is allowed");
        };
    }

    private static Variant variant(String name, String value) throws UsageException {
        return switch (value) {
            case "without" -> Variant.WITHOUT;
            case "with" -> Variant.WITH;
            default -> throw new UsageException(name + " " + value + ": without or with is allowed");
        };
    }

    private static Jdk jdk(String name, String value) throws UsageException {
        return Jdk.at(Path.of(value)).orElseThrow(() -> new UsageException(
                name + " " + value + ": a JDK of version " + Jdk.OLDEST_FEATURE + " or later is allowed"));
    }

    boolean help() {
        return help;
    }

    ServerKind server() {
        return server;
    }

    Plan plan() {
        return (quick ? Plan.QUICK : Plan.FULL).forFilesOf(server.bigBytes() / Units.MB);
    }

    boolean keep() {
        return keep;
    }

    boolean cgroups() {
        return cgroups;
    }

    int clients() {
        return clients;
    }

    int diskRateMb() {
        return diskRateMb;
    }

    int memoryMb() {
        return memoryMb;
    }

    Set<Variant> variants() {
        return variants;
    }

    Jdk jdk() {
        return jdk;
    }

    String agentOptions() {
        return agentOptions;
    }

    Path agentJar() {
        return checkout.resolve("agent/target/readahead-agent.jar").toAbsolutePath();
    }

    Path serverJar() {
        return checkout.resolve("examples/jetty-file-server/target/jetty-file-server.jar").toAbsolutePath();
    }

    /** Where results.json and report.html go. */
    Path output() {
        return checkout.resolve("examples/target/demo").toAbsolutePath();
    }

    Path data() {
        return data == null ? output().resolve("data") : data.toAbsolutePath();
    }
}
