package io.readahead.it;

import io.readahead.kit.Jdk;
import io.readahead.kit.ServerProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The jar as it is shipped. */
class AgentJarIT {

    private static final String ISOLATED = "META-INF/isolated/";
    private static final Pattern PURL = Pattern.compile("\"purl\" : \"pkg:maven/([^/]+)/([^@]+)@([^?]+)\\?");
    private static final long LARGEST_BYTES = 1_500_000;

    @Test
    void hasTheNameThatTheReadmeSays() {
        assertEquals("readahead-agent.jar", Artifacts.agentJar().getFileName().toString());
    }

    @Test
    void isSmall() throws IOException {
        long bytes = Files.size(Artifacts.agentJar());
        assertTrue(bytes < LARGEST_BYTES, () -> bytes + " bytes");
    }

    @Test
    void showsNothingButItsEntryToTheApplication() throws IOException {
        assertEquals(List.of(), entries().stream()
                .filter(name -> !name.startsWith("META-INF/") && !name.startsWith("io/readahead/agent/"))
                .filter(name -> !name.equals("io/") && !name.equals("io/readahead/"))
                .toList());
        assertEquals(List.of(), entries().stream().filter(name -> name.endsWith(".class"))
                .filter(name -> !name.startsWith("io/readahead/agent/")).toList());
        assertTrue(entries().stream().anyMatch(name -> name.startsWith("io/readahead/agent/") && name.endsWith(".class")));
    }

    @Test
    void holdsOnlyWhatTheAgentUses() throws IOException {
        assertEquals(List.of("com/sun/jna/linux-aarch64/libjnidispatch.so", "com/sun/jna/linux-x86-64/libjnidispatch.so",
                "io/readahead/start/version.properties"), isolated().filter(name -> !name.endsWith(".classdata")).sorted().toList());
        assertEquals(List.of(), isolated().filter(name -> name.startsWith("net/") && !name.startsWith("net/bytebuddy/jar/asm/"))
                .toList(), "of Byte Buddy, more than its class reader and writer");
        assertTrue(isolated().anyMatch("net/bytebuddy/jar/asm/ClassReader.classdata"::equals));
    }

    private static Stream<String> isolated() throws IOException {
        return entries().stream().filter(name -> name.startsWith(ISOLATED) && !name.endsWith("/"))
                .map(name -> name.substring(ISOLATED.length()));
    }

    @Test
    void hasItsLicense() throws IOException {
        assertTrue(entries().contains("META-INF/LICENSE"), () -> "META-INF/LICENSE");
    }

    @Test
    void saysWhatItIsMadeOfAndUnderWhichLicences() throws IOException {
        Set<String> made = new TreeSet<>();
        Matcher component = PURL.matcher(read("META-INF/sbom/readahead-agent.cdx.json"));
        while (component.find()) {
            made.add(component.group(1) + ":" + component.group(2) + ":" + component.group(3));
        }
        assertEquals(List.of("info.picocli:picocli", "io.readahead:readahead-agent", "net.bytebuddy:byte-buddy", "net.java.dev.jna:jna",
                "org.hdrhistogram:HdrHistogram"), made.stream().map(name -> name.substring(0, name.lastIndexOf(':'))).toList());
        String notice = read("META-INF/NOTICE");
        for (String name : made) {
            if (!name.startsWith("io.readahead:")) {
                String line = notice.lines().filter(one -> one.contains("(" + name + " ")).findFirst().orElse("");
                assertTrue(line.strip().startsWith("("), () -> name + " with its licence in " + notice);
            }
        }
        assertTrue(read("META-INF/licenses/ASM").contains("Redistributions in binary form"), "ASM's own licence");
        assertTrue(read("META-INF/licenses/libffi").contains("in all copies"), "that of what JNA's native half has in it");
    }

    private static String read(String entry) throws IOException {
        try (JarFile jar = new JarFile(Artifacts.agentJar().toFile())) {
            return new String(jar.getInputStream(jar.getEntry(entry)).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void manifestNamesTheEntries() throws IOException {
        try (JarFile jar = new JarFile(Artifacts.agentJar().toFile())) {
            Attributes manifest = jar.getManifest().getMainAttributes();
            for (String entry : List.of("Premain-Class", "Agent-Class", "Main-Class")) {
                String className = manifest.getValue(entry);
                assertNotNull(className, entry);
                assertNotNull(jar.getEntry(className.replace('.', '/') + ".class"), () -> entry + " " + className);
            }
            assertEquals("true", manifest.getValue("Can-Retransform-Classes"));
            String version = manifest.getValue("Implementation-Version");
            assertNotNull(version, "Implementation-Version");
            assertFalse(version.contains("$"), version);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.readahead.it.Jdks#chosen")
    void saysHowItIsUsed(Jdk jdk) throws Exception {
        ServerProcess program = ServerProcess.on(jdk).jar(Artifacts.agentJar()).run();
        assertEquals(0, program.exitCode(), program::toString);
        assertTrue(program.stdout().stream().anyMatch(line -> line.contains("-javaagent:readahead-agent.jar")), program::toString);
        assertEquals(List.of(), program.stderr());
    }

    private static List<String> entries() throws IOException {
        try (JarFile jar = new JarFile(Artifacts.agentJar().toFile())) {
            return jar.stream().map(ZipEntry::getName).toList();
        }
    }
}
