package io.readahead.it;

import io.readahead.it.app.CuriousAgent;
import io.readahead.kit.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** An agent that an operator may put beside ours, and how it is seen to work. */
enum OtherAgent {

    /** Rewrites the server's classes to follow requests; logs each. */
    OPENTELEMETRY("opentelemetry.jar") {
        @Override
        void addTo(ServerProcess.Builder server, Path folder) {
            server.agent(Artifacts.otherAgent(jar()), "").property("otel.traces.exporter", "logging")
                    .property("otel.metrics.exporter", "none").property("otel.logs.exporter", "none")
                    .property("otel.bsp.schedule.delay", 100);
        }

        @Override
        void assertWorked(ServerProcess server, Path folder) {
            assertTrue(lines(server).anyMatch(line -> line.contains("LoggingSpanExporter") && line.contains("'GET")),
                    () -> "a span of a request was logged; " + server);
        }
    },

    /** Adds a probe to every branch of every class; writes at the end which were run. */
    JACOCO("jacoco.jar") {
        @Override
        void addTo(ServerProcess.Builder server, Path folder) {
            server.agent(Artifacts.otherAgent(jar()), "destfile=" + folder.resolve(COVERAGE));
        }

        @Override
        void assertWorked(ServerProcess server, Path folder) throws IOException {
            String coverage = Files.readString(folder.resolve(COVERAGE), StandardCharsets.ISO_8859_1);
            assertTrue(WOVEN.stream().anyMatch(coverage::contains), () -> "a class of ours to weave was seen to run; " + server);
        }
    },

    /** Rewrites the JDK's blocking methods to fail on threads that may not block, which all of Netty's loops are. */
    BLOCKHOUND("blockhound.jar") {
        @Override
        void addTo(ServerProcess.Builder server, Path folder) {
            server.jvm("-XX:+AllowRedefinitionToAddDeleteMethods").agent(Artifacts.otherAgent(jar()), "");
        }

        @Override
        void assertWorked(ServerProcess server, Path folder) {
            assertEquals("reactor.blockhound.BlockingOperationError", server.stdout().stream()
                    .filter(line -> line.startsWith(CONTROL)).map(line -> line.substring(CONTROL.length())).findFirst().orElse("nothing"),
                    () -> "the control, a thread of Netty's that sleeps, is reported; " + server);
            assertEquals(0, lines(server).filter(line -> !line.startsWith(CONTROL) && line.contains("Blocking")).count(),
                    () -> "and nothing else; " + server);
        }
    },

    /** Asks for our classes, and for those around them, while they are being defined, as Datadog's does with AppSec or IAST. */
    CURIOUS("curious.jar") {
        @Override
        void addTo(ServerProcess.Builder server, Path folder) {
            server.agent(curious(folder.resolve(jar())), "");
        }

        @Override
        void assertWorked(ServerProcess server, Path folder) {
            List<String> said = lines(server).filter(line -> line.startsWith(CuriousAgent.PREFIX)).toList();
            assertEquals(1, said.size(), server::toString);
            assertTrue(said.get(0).endsWith(", missed []") && !said.get(0).contains(" 0 classes"), server::toString);
        }
    };

    private static final List<String> WOVEN = List.of("io/netty/channel/DefaultFileRegion", "org/apache/tomcat/util/net/NioEndpoint");
    private static final String COVERAGE = "coverage.exec";
    /** Printed by {@code app.BlockingLoopThread}. */
    private static final String CONTROL = "a loop that sleeps=";

    private final String jar;

    OtherAgent(String jar) {
        this.jar = jar;
    }

    String jar() {
        return jar;
    }

    /** Adds it to a JVM's arguments, after what is there. */
    abstract void addTo(ServerProcess.Builder server, Path folder);

    /** Looks, after the end of the server, at what it left. */
    abstract void assertWorked(ServerProcess server, Path folder) throws IOException;

    private static Path curious(Path jar) {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", CuriousAgent.class.getName());
        String classFile = CuriousAgent.class.getName().replace('.', '/') + ".class";
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            out.putNextEntry(new JarEntry(classFile));
            Files.copy(Artifacts.testClasses().resolve(classFile), out);
            return jar;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Stream<String> lines(ServerProcess server) {
        return Stream.concat(server.stdout().stream(), server.stderr().stream());
    }
}
