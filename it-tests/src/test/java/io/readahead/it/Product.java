package io.readahead.it;

import io.readahead.kit.Await;
import io.readahead.kit.Jdk;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** A product that serves files, as {@code -Pproducts} brings it, and how its users start it. */
enum Product implements FileServer {

    WILDFLY_39("WildFly", "`standalone.sh`, JAVA_OPTS in standalone.conf", 25, "WildFly (?:Full )?([0-9.]+Final)", Starts.WILDFLY),
    WILDFLY_26("WildFly", "`standalone.sh`, JAVA_OPTS in the environment", 17, "WildFly (?:Full )?([0-9.]+Final)", Starts.WILDFLY),
    TOMCAT("Tomcat", "`catalina.sh`, setenv.sh", 25, "Apache Tomcat/([0-9.]+)", Starts.TOMCAT),
    SPRING_WEBFLUX("Spring Boot, WebFlux on Reactor Netty", "`java -jar`", 25, ":: Spring Boot :: +\\(v([0-9.]+)\\)",
            "Netty started on port() (\\d+)"),
    SPRING_UNDERTOW("Spring Boot, MVC on Undertow", "`java -jar`", 25, ":: Spring Boot :: +\\(v([0-9.]+)\\)",
            "Undertow started on port() (\\d+)"),
    PAYARA_MICRO("Payara Micro", "`java -jar`", 17, "Payara Micro +([0-9.]+)", Starts.PAYARA);

    /** What their logs say of trouble: the names of levels, and WildFly's of services that failed. */
    private static final Pattern TROUBLE = Pattern.compile("(ERROR|SEVERE|FATAL)\\b|Exception\\b|\\bWFLYCTL0013\\b");
    /** What a JVM of 21 or later says on stderr when any agent is attached (JEP 451), and WildFly logs as an error like all on stderr. */
    private static final Pattern JVM_WARNING = Pattern.compile("ERROR \\[stderr] \\(Attach Listener\\) WARNING: "
            + "(A Java agent has been loaded dynamically|If a serviceability tool|Dynamic loading of agents)");
    /** What WildFly's file handler serves as it comes. */
    private static final String WELCOME = "${jboss.home.dir}/welcome-content";

    private final String title;
    private final String startedBy;
    private final int newestJdk;
    private final Pattern version;
    private final Pattern listening;

    Product(String title, String startedBy, int newestJdk, String version, String listening) {
        this.title = title;
        this.startedBy = startedBy;
        this.newestJdk = newestJdk;
        this.version = Pattern.compile(version);
        this.listening = Pattern.compile(listening);
    }

    /** Where they listen: a group for the host, which may be empty for this machine, and one for the port. */
    private static final class Starts {

        static final String WILDFLY = "WFLYUT0006: Undertow HTTP listener default listening on ([0-9.]+):(\\d+)";
        static final String TOMCAT = "Starting ProtocolHandler \\[\"http-nio-([0-9.]+)-auto-\\d+-(\\d+)\"]";
        static final String PAYARA = "^http://()[^:/]+:(\\d+)/";
    }

    /** As the page calls it. */
    String title() {
        return title;
    }

    String startedBy() {
        return startedBy;
    }

    /** What its project says that it runs on, of the JDKs here. */
    boolean runsOn(Jdk jdk) {
        return jdk.feature() <= newestJdk;
    }

    /** As the server itself tells it. */
    String versionOf(ServerProcess server) {
        return lines(server).map(version::matcher).filter(Matcher::find).map(found -> found.group(1)).findFirst()
                .orElseThrow(() -> new IllegalStateException("no line '" + version + "'; " + server));
    }

    /** The JVM: what a start script has started, or the program itself. */
    static long jvmOf(ServerProcess server) {
        ProcessHandle program = ProcessHandle.of(server.pid()).orElseThrow();
        return program.descendants().filter(process -> process.info().command().orElse("").endsWith("/java")).findFirst()
                .orElse(program).pid();
    }

    /** Starts it, and waits for more than its listener. */
    ServerProcess start(ServerProcess.Builder builder) throws Exception {
        ServerProcess server = builder.start();
        if (isWildfly()) {
            // WFLYSRV0025 where all services run; WFLYSRV0026, where some failed, is trouble that stop() finds.
            awaitLine(server, line -> line.contains("WFLYSRV0025") || line.contains("WFLYSRV0026"));
        }
        return server;
    }

    private static void awaitLine(ServerProcess server, Predicate<String> wanted) throws Exception {
        Await.until("it says that it has started", () -> lines(server).anyMatch(wanted), server::toString);
    }

    /** Ends it as an operator does, by SIGTERM; it has said nothing of trouble, up to its end. */
    void stop(ServerProcess server) {
        // WildFly's script takes the end that it was asked for as success.
        assertEquals(isWildfly() ? 0 : ServerProcess.EXIT_BY_SIGTERM, server.stop(), () -> "exit code; " + server);
        assertEquals(List.of(), lines(server).filter(Product::isTrouble).toList(), () -> "trouble; " + server);
        if (isWildfly()) {
            assertEquals(1, lines(server).filter(line -> line.contains("WFLYSRV0050")).count(), () -> "says that it stopped; " + server);
        }
    }

    private static boolean isTrouble(String line) {
        return TROUBLE.matcher(line).find() && !JVM_WARNING.matcher(line).find();
    }

    private static Stream<String> lines(ServerProcess server) {
        return Stream.concat(server.stdout().stream(), server.stderr().stream());
    }

    private boolean isWildfly() {
        return this == WILDFLY_26 || this == WILDFLY_39;
    }

    /** Payara's servlet copies each file by streams, on a thread of its pool: an API that blocks, and a call that nobody weaves. */
    @Override
    public boolean helped() {
        return this != PAYARA_MICRO;
    }

    /**
     * The product with its configuration in a folder of the test's.
     *
     * @param base empty, or as an earlier call left it
     * @param root folder that is served
     */
    ServerProcess.Builder at(Path base, Jdk jdk, Path root, boolean agent) throws IOException {
        ServerProcess.Builder builder = ServerProcess.on(jdk);
        List<String> options = agent ? List.of("-javaagent:" + Artifacts.agentJar(), "-Dreadahead.debug.stats=true") : List.of();
        switch (this) {
            case WILDFLY_39 -> wildflyByConf(builder, base, root, options);
            case WILDFLY_26 -> wildflyByEnvironment(builder.jvm(options.toArray(String[]::new)), base, root);
            case TOMCAT -> tomcat(builder, base, root, jdk, options);
            case PAYARA_MICRO -> payara(builder.jvm(options.toArray(String[]::new)), base, root);
            case SPRING_WEBFLUX -> spring(builder.jvm(options.toArray(String[]::new)), "webflux", root);
            default -> spring(builder.jvm(options.toArray(String[]::new)), "undertow", root);
        }
        return switch (this) {
            case TOMCAT, PAYARA_MICRO -> builder.listensWhenStderrSays(listening);
            default -> builder.isReadyWhenStdoutSays(listening);
        };
    }

    private static void spring(ServerProcess.Builder builder, String name, Path root) {
        builder.jvm("-Xmx256m").property("example.root", root).jar(Artifacts.ofProduct(name, name + ".jar"));
    }

    /** A line at the end of its own file of options, whose defaults stay. */
    private static void wildflyByConf(ServerProcess.Builder builder, Path base, Path root, List<String> options) throws IOException {
        Path home = Artifacts.distribution("wildfly-39");
        Path conf = base.resolve("standalone.conf");
        Files.writeString(conf, Files.readString(home.resolve("bin/standalone.conf"))
                + "\nJAVA_OPTS=\"$JAVA_OPTS " + String.join(" ", options) + "\"\n");
        wildfly(builder.environment("RUN_CONF", conf.toString()), home, base, root);
    }

    /** Where JAVA_OPTS is set the file adds nothing: its defaults are here too. */
    private static void wildflyByEnvironment(ServerProcess.Builder builder, Path base, Path root) throws IOException {
        wildfly(builder.jvm("-Xmx384m", "-Djava.net.preferIPv4Stack=true", "-Djboss.modules.system.pkgs=org.jboss.byteman",
                "-Djava.awt.headless=true"), Artifacts.distribution("wildfly-26.1"), base, root);
    }

    private static void wildfly(ServerProcess.Builder builder, Path home, Path base, Path root) throws IOException {
        Path server = copy(home.resolve("standalone"), base.resolve("standalone"));
        Path config = server.resolve("configuration/standalone.xml");
        String text = Files.readString(config);
        if (!text.contains(WELCOME)) {
            throw new IOException(config + " has no " + WELCOME);
        }
        Files.writeString(config, text.replace(WELCOME, root.toString()));
        builder.script(home.resolve("bin/standalone.sh"), "JAVA_OPTS")
                // Its own way to have a SIGTERM to the script reach the JVM.
                .environment("LAUNCH_JBOSS_IN_BACKGROUND", "true")
                .environment("JBOSS_PIDFILE", base.resolve("pid").toString())
                .arguments("-Djboss.server.base.dir=" + server, "-b", "127.0.0.1", "-bmanagement", "127.0.0.1",
                        "-Djboss.http.port=0", "-Djboss.https.port=0", "-Djboss.management.http.port=0",
                        "-Djboss.management.https.port=0", "-Djboss.ajp.port=0");
    }

    private static void tomcat(ServerProcess.Builder builder, Path base, Path root, Jdk jdk, List<String> agentOptions)
            throws IOException {
        Path home = Artifacts.ofExample("tomcat", "tomcat-11");
        copy(home.resolve("../../base").normalize(), base.resolve("base"));
        Path bin = Files.createDirectories(base.resolve("base/bin"));
        Files.createDirectories(base.resolve("base/temp"));
        Files.writeString(bin.resolve("setenv.sh"), "CATALINA_OPTS=\"-Xmx256m -Dexample.port=0 -Dexample.timeout=20000 -Dexample.root="
                + root + " " + String.join(" ", agentOptions) + "\"\n");
        builder.script(home.resolve("bin/catalina.sh"), "CATALINA_OPTS")
                .environment("JRE_HOME", jdk.home().toString())
                .environment("CATALINA_BASE", base.resolve("base").toString())
                .arguments("run");
    }

    private static void payara(ServerProcess.Builder builder, Path base, Path root) throws IOException {
        Path descriptor = root.resolve("WEB-INF/web.xml");
        Files.createDirectories(descriptor.getParent());
        Files.writeString(descriptor, "<web-app xmlns=\"https://jakarta.ee/xml/ns/jakartaee\" version=\"6.0\"/>\n");
        Path temporary = Files.createDirectories(base.resolve("tmp"));
        builder.jvm("-Xmx384m").property("java.io.tmpdir", temporary).jar(Artifacts.distribution("payara-micro.jar"))
                .arguments("--nocluster", "--nohostaware", "--port", KafkaNode.freePort(), "--rootDir", base.resolve("payara"),
                        "--deploy", root, "--contextroot", "/");
    }

    /** A fresh copy of a folder. */
    private static Path copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                Files.createDirectories(to.resolve(from.relativize(folder).toString()));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.write(to.resolve(from.relativize(file).toString()), Files.readAllBytes(file));
                return FileVisitResult.CONTINUE;
            }
        });
        return to;
    }

    @Override
    public ServerProcess.Builder builder(Jdk jdk, Path root) {
        throw new UnsupportedOperationException("a product needs a folder for its configuration: at()");
    }

    @Override
    public String pathOf(TestFile file) {
        return "/" + file.path().getFileName();
    }

    /** All: {@link io.readahead.kit.ThreadReads}. */
    @Override
    public String[] loopThreads() {
        return new String[] {""};
    }
}
