package io.readahead.release;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The folder that is published: it is whole, its image runs, and anybody else makes the same bytes. */
class ReleaseIT {

    private static final Path FOLDER = Path.of(System.getProperty("release.dir"));
    private static final String NAME = System.getProperty("release.name");
    private static final Path SOURCES = Path.of(System.getProperty("basedir")).getParent().getParent();
    private static final Path JAVA = SOURCES.resolve("agent/src/main/java");
    private static final long BUILD_MINUTES = 10;
    private static final int ELF_MACHINE = 18;

    @TempDir
    private Path work;

    @Test
    void holdsWhatMavenCentralAndAStrangerAskFor() throws Exception {
        String version = NAME.substring(NAME.lastIndexOf('-') + 1);
        TreeSet<String> names = new TreeSet<>();
        try (Stream<Path> files = Files.list(FOLDER)) {
            files.map(file -> file.getFileName().toString()).filter(name -> !name.endsWith(".asc")).forEach(names::add);
        }
        String pom = Files.readString(FOLDER.resolve(NAME + ".pom"));
        assertAll(
                () -> assertEquals(new TreeSet<>(List.of("LICENSE", "NOTICE", "SHA256SUMS", NAME + ".jar", NAME + ".pom",
                        NAME + ".cdx.json", NAME + "-sources.jar", NAME + "-javadoc.jar", NAME + "-image.tar")), names),
                () -> assertFalse(version.contains("SNAPSHOT"), version),
                () -> assertEquals(List.of(), Stream.of("name", "description", "url", "license", "developer", "connection", "version")
                        .filter(element -> !pom.contains("<" + element + ">")).toList(), "what the POM lacks"),
                () -> assertFalse(pom.contains("${") || pom.contains("<parent>") || pom.contains("<dependency>"), pom),
                () -> assertTrue(Files.readString(FOLDER.resolve("NOTICE")).startsWith("readahead-agent " + version + ",")),
                () -> assertTrue(Files.readString(FOLDER.resolve(NAME + ".cdx.json")).contains("readahead-agent@" + version + "?")),
                () -> assertEquals(0, run(FOLDER, Map.of(), "sha256sum", "--check", "--ignore-missing", "--strict",
                        "SHA256SUMS")));
    }

    @Test
    void theSourcesAreThoseOfTheJarAndNothingElse() throws IOException {
        Map<String, String> expected = new TreeMap<>();
        for (Path root : List.of(JAVA, SOURCES.resolve("agent/src/main/resources"))) {
            for (String name : filesBelow(root)) {
                expected.put(name, Checksums.sha256(Files.readAllBytes(root.resolve(name))));
            }
        }
        Map<String, String> held = new TreeMap<>();
        try (JarFile jar = new JarFile(FOLDER.resolve(NAME + "-sources.jar").toFile())) {
            for (JarEntry entry : jar.stream().filter(one -> !one.isDirectory() && !one.getName().startsWith("META-INF/")).toList()) {
                held.put(entry.getName(), Checksums.sha256(jar.getInputStream(entry).readAllBytes()));
            }
        }
        assertEquals(expected, held);
    }

    /** One of a class that is gone comes from another build. */
    @Test
    void eachClassHasItsPageAndEachPageItsClass() throws IOException {
        TreeSet<String> classes = new TreeSet<>();
        filesBelow(JAVA).stream().filter(name -> !name.endsWith("/package-info.java"))
                .forEach(name -> classes.add(name.replace(".java", "")));
        TreeSet<String> pages = new TreeSet<>();
        try (JarFile jar = new JarFile(FOLDER.resolve(NAME + "-javadoc.jar").toFile())) {
            jar.stream().map(JarEntry::getName).filter(name -> name.matches("io/.*/[A-Z][^/]*\\.html") && !name.contains("/class-use/"))
                    .forEach(name -> pages.add(name.substring(0, name.indexOf('.'))));
            assertNotNull(jar.getEntry("index.html"));
        }
        assertEquals(classes, pages);
    }

    private static List<String> filesBelow(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile).map(file -> root.relativize(file).toString()).toList();
        }
    }

    /** Another folder on another file system, time zone (of another year, when the files are said to be made), language, umask, and JDK. */
    @Test
    void anybodyElseMakesTheSameBytes() throws Exception {
        Path other = copyOfTheSources();
        Path jdk = Path.of("/usr/lib/jvm/temurin-25-jdk-amd64");
        Assumptions.assumeTrue(Files.exists(jdk), () -> "another JDK: " + jdk);
        String maven = Path.of(System.getProperty("maven.home"), "bin/mvn").toString();
        int exit = run(other, Map.of("JAVA_HOME", jdk.toString(), "TZ", "America/St_Johns", "LC_ALL", "C", "MAVEN_OPTS",
                "-Duser.language=tr -Duser.country=TR"), "bash", "-c", "umask 002; " + maven
                + " -B -q -Prelease -DskipTests -pl agent,agent/release package");
        assertEquals(0, exit, "the second build");
        Map<String, String> ours = sums(FOLDER);
        assertEquals(ours, sums(other.resolve("agent/release/target").resolve(NAME)));
        assertFalse(ours.isEmpty());
    }

    private Path copyOfTheSources() throws IOException, InterruptedException {
        Path shm = Files.createDirectories(Path.of("/dev/shm/readahead-release-" + ProcessHandle.current().pid()));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> deleteTree(shm)));
        assertEquals(0, run(SOURCES, Map.of(), "bash", "-c",
                "tar --exclude=target --exclude=.git -c . | tar -x -C " + shm), "copy");
        return shm;
    }

    private static Map<String, String> sums(Path folder) throws IOException {
        Map<String, String> sums = new TreeMap<>();
        Files.readAllLines(folder.resolve(Checksums.NAME)).forEach(line -> sums.put(line.substring(66), line.substring(0, 64)));
        return sums;
    }

    @Test
    void eachBlobOfTheImageHasItsDigest() throws IOException {
        Map<String, byte[]> layout = layout();
        List<String> wrong = layout.entrySet().stream().filter(entry -> entry.getKey().startsWith("blobs/sha256/"))
                .filter(entry -> !entry.getKey().endsWith("/" + Checksums.sha256(entry.getValue()))).map(Map.Entry::getKey).toList();
        assertEquals(List.of(), wrong);
        List<String> architectures = new ArrayList<>();
        for (JsonObject image : images(layout)) {
            architectures.add(image.getAsJsonObject("platform").get("architecture").getAsString());
        }
        assertEquals(List.of("amd64", "arm64"), architectures);
    }

    @Test
    void eachProcessorHasItsOwnProgram() throws IOException {
        Map<String, byte[]> layout = layout();
        List<Integer> machines = new ArrayList<>();
        for (JsonObject image : images(layout)) {
            Map<String, byte[]> files = layer(layout, image);
            machines.add(Byte.toUnsignedInt(files.get("bin/cp")[ELF_MACHINE]));
            assertTrue(new String(files.get("LICENSE.busybox"), StandardCharsets.UTF_8).contains("GNU GENERAL PUBLIC LICENSE"));
            assertTrue(new String(files.get("NOTICE.busybox"), StandardCharsets.UTF_8).contains("source package busybox"), "its source");
        }
        assertEquals(List.of(62, 183), machines, "EM_X86_64 and EM_AARCH64");
    }

    /** As a cluster runs it: an id that nobody gave a name, a root that can't be written, one folder that can; its own mounts and ids. */
    @Test
    void theEntryPointBringsTheJarAsAnybodyOnAReadOnlyRoot() throws Exception {
        Assumptions.assumeTrue(run(work, Map.of(), "unshare", "--mount", "true") == 0, "root, for a mount namespace");
        Map<String, byte[]> layout = layout();
        JsonObject image = images(layout).stream().filter(one -> one.getAsJsonObject("platform").get("architecture").getAsString()
                .equals("amd64")).findFirst().orElseThrow();
        JsonObject config = json(blob(layout, json(blob(layout, image)).getAsJsonObject("config"))).getAsJsonObject("config");
        Path root = unpack(layer(layout, image));
        String command = words(config.getAsJsonArray("Entrypoint")) + " " + words(config.getAsJsonArray("Cmd"));
        assertEquals(0, inside(root, "/bin/cp /javaagent.jar /agent/otel.jar"), "as the OpenTelemetry Operator takes it");
        assertEquals(0, inside(root, command), command);
        for (String name : List.of("readahead-agent.jar", "otel.jar")) {
            assertArrayEquals(Files.readAllBytes(FOLDER.resolve(NAME + ".jar")), Files.readAllBytes(work.resolve("agent").resolve(name)));
        }
        assertNotEquals(0, inside(root, "/bin/cp /readahead-agent.jar /elsewhere.jar"), "the root can't be written");
    }

    private int inside(Path root, String command) throws IOException, InterruptedException {
        Path agent = Files.createDirectories(work.resolve("agent"));
        Files.setPosixFilePermissions(agent, PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createDirectories(root.resolve("agent"));
        return run(work, Map.of(), "unshare", "--mount", "--pid", "--net", "--ipc", "--fork", "bash", "-ec",
                "mount --bind " + root + " " + root + "; mount --bind " + agent + " " + root + "/agent; mount -o remount,bind,ro " + root
                        + "; exec chroot --userspec=4711:4711 --groups= " + root + " " + command);
    }

    private Path unpack(Map<String, byte[]> layer) throws IOException {
        Path root = work.resolve("root");
        for (Map.Entry<String, byte[]> file : layer.entrySet()) {
            Path path = root.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue());
            String mode = file.getKey().startsWith("bin/") ? "rwxr-xr-x" : "rw-r--r--";
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
        }
        Files.createSymbolicLink(root.resolve("javaagent.jar"), Path.of("readahead-agent.jar"));
        return root;
    }

    private static String words(JsonArray words) {
        List<String> all = new ArrayList<>();
        words.forEach(word -> all.add(word.getAsString()));
        return String.join(" ", all);
    }

    private static List<JsonObject> images(Map<String, byte[]> layout) {
        JsonObject index = json(layout.get("index.json")).getAsJsonArray("manifests").get(0).getAsJsonObject();
        List<JsonObject> images = new ArrayList<>();
        json(blob(layout, index)).getAsJsonArray("manifests").forEach(image -> images.add(image.getAsJsonObject()));
        return images;
    }

    private static Map<String, byte[]> layer(Map<String, byte[]> layout, JsonObject image) throws IOException {
        return files(blob(layout, json(blob(layout, image)).getAsJsonArray("layers").get(0).getAsJsonObject()));
    }

    private static byte[] blob(Map<String, byte[]> layout, JsonObject descriptor) {
        byte[] blob = layout.get("blobs/" + descriptor.get("digest").getAsString().replace(':', '/'));
        assertEquals(descriptor.get("size").getAsInt(), blob.length, descriptor::toString);
        return blob;
    }

    private static JsonObject json(byte[] text) {
        return JsonParser.parseString(new String(text, StandardCharsets.UTF_8)).getAsJsonObject();
    }

    private static Map<String, byte[]> layout() throws IOException {
        return files(Files.readAllBytes(FOLDER.resolve(NAME + "-image.tar")));
    }

    private static Map<String, byte[]> files(byte[] tar) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (TarArchiveInputStream entries = new TarArchiveInputStream(new ByteArrayInputStream(tar))) {
            for (TarArchiveEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                if (entry.isFile() && !entry.isSymbolicLink()) {
                    files.put(entry.getName(), entries.readAllBytes());
                }
            }
        }
        return files;
    }

    private static void deleteTree(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(java.util.Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            System.err.println("left: " + folder + ", " + e);
        }
    }

    private int run(Path folder, Map<String, String> environment, String... command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        try (InputStream output = process.getInputStream()) {
            output.transferTo(System.out);
        }
        assertTrue(process.waitFor(BUILD_MINUTES, TimeUnit.MINUTES), () -> String.join(" ", command));
        return process.exitValue();
    }
}
