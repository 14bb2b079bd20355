package io.readahead.start;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.readahead.weave.BreakingRecipe;
import io.readahead.weave.Recipe;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sweep says so where a release is not as the list says. */
class VersionSweepTest {

    private static final String METHOD = """
                public long transferFrom(FileChannel file, long position, long count) {
                    return count;
                }
            """;
    private static final String FIELD = "    private SocketChannel socketChannel;\n";
    private static final String WOVEN = "SslTransportLayer:admit+note";
    private static final String EMPTY_QUESTION = "KafkaTls.channelOf:org.apache.kafka.common.network.SslTransportLayer";
    private static final List<String> QUESTION = List.of(EMPTY_QUESTION + "{socketChannel=@socket}");

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void aReleaseThatIsAsTheListSaysIsNotWrong() throws Exception {
        assertEquals(0, wrong(Servers.RECIPES, METHOD + FIELD, WOVEN, QUESTION), this::said);
        assertTrue(said().contains("1: woven: " + WOVEN), said());
    }

    @Test
    void aReleaseInWhichNothingIsWovenIsWrong() throws Exception {
        assertEquals(1, wrong(Servers.RECIPES, METHOD.replace("transferFrom", "sendFrom") + FIELD, WOVEN, QUESTION));
        assertTrue(said().contains("stays as it is: it has another shape than the agent knows"), said());
        assertTrue(said().contains("WRONG: not as the list says: " + WOVEN), said());
    }

    @Test
    void aFieldOfAnotherNameIsWrong() throws Exception {
        String renamed = METHOD + FIELD.replace("socketChannel", "channel");
        assertEquals(1, wrong(Servers.RECIPES, renamed, WOVEN, QUESTION));
        assertTrue(said().contains("no field socketChannel"), said());
        assertEquals(1, wrong(Servers.RECIPES, renamed, WOVEN, List.of(EMPTY_QUESTION)));
        assertTrue(said().contains("passes through: org.apache.kafka.common.network.SslTransportLayer has another shape"), said());
    }

    @Test
    void aRecipeThatBreaksTheClassIsWrong() throws Exception {
        assertEquals(1, wrong(List.of(new BreakingRecipe()), METHOD + FIELD, "SslTransportLayer:admit", List.of()));
        assertTrue(said().contains("VerifyError"), said());
    }

    @Test
    void aClassThatIsWovenAndNotInTheListIsWrong() throws Exception {
        String sends = """
                    long send(FileChannel file, java.nio.channels.WritableByteChannel target) throws java.io.IOException {
                        return file.transferTo(0, 1, target);
                    }
                """;
        assertEquals(1, wrong(Servers.RECIPES, METHOD + FIELD + sends, WOVEN, QUESTION));
        assertTrue(said().contains("WRONG: not in the list: SslTransportLayer:admit+note+transferTo"), said());
    }

    @Test
    void aReleaseThatIsToPassThroughIsNotWrongAndSaysSo() throws Exception {
        assertEquals(0, wrong(Servers.RECIPES, FIELD, "SslTransportLayer:passes", List.of()), this::said);
        assertTrue(said().contains("1: passes through: org.apache.kafka.common.network.SslTransportLayer could not be woven"), said());
    }

    @Test
    void oneThatIsToPassThroughAndIsWovenIsWrong() throws Exception {
        assertEquals(1, wrong(Servers.RECIPES, METHOD + FIELD, "SslTransportLayer:passes", List.of()));
        assertTrue(said().contains("WRONG: not as the list says: SslTransportLayer:passes"), said());
    }

    private int wrong(List<Recipe> recipes, String members, String woven, List<String> questions) throws Exception {
        release(members);
        out.reset();
        VersionSweep sweep = new VersionSweep(recipes, folder, new PrintStream(out, true, StandardCharsets.UTF_8));
        sweep.check(Stream.concat(Stream.of("library Kafka", "artifacts org.apache.kafka:kafka-clients", "woven " + woven),
                Stream.concat(questions.stream().map(question -> "ask " + question), Stream.of("releases 1"))).toList());
        return sweep.wrong();
    }

    private String said() {
        return out.toString(StandardCharsets.UTF_8);
    }

    /** Makes a jar of a layer with these members. */
    private void release(String members) throws IOException {
        Path sources = Files.createDirectories(folder.resolve("sources"));
        Path source = sources.resolve("SslTransportLayer.java");
        Files.writeString(source, """
                package org.apache.kafka.common.network;
                import java.nio.channels.FileChannel;
                import java.nio.channels.SocketChannel;
                public class SslTransportLayer {
                """ + members + "}\n");
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, errors, "-d", sources.toString(), source.toString()),
                errors::toString);
        Path jars = Files.createDirectories(folder.resolve("kafka-clients-1"));
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(jars.resolve("kafka-clients-1.jar")))) {
            for (Path classFile : classFilesIn(sources)) {
                jar.putNextEntry(new JarEntry(sources.relativize(classFile).toString()));
                jar.write(Files.readAllBytes(classFile));
            }
        }
    }

    private static List<Path> classFilesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return new ArrayList<>(files.filter(file -> file.toString().endsWith(".class")).toList());
        }
    }
}
