package io.readahead.it;

import io.readahead.kit.Requirement;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * Why the agent loads nothing on musl, by {@code -Pproducts}: musl loads JNA's native half as a JVM asks for it, and lacks functions of it.
 * Where the control fails, too, it is not musl's doing; where musl finds all, the agent may do there what it does elsewhere.
 *
 * <p>Needs musl-tools, and x86-64.
 */
class MuslIT {

    private static final String LIBRARY = "META-INF/isolated/com/sun/jna/linux-x86-64/libjnidispatch.so";
    /** Says what dlopen answered, by whether all functions had to be found at once. */
    private static final String SOURCE = """
            #include <dlfcn.h>
            #include <stdio.h>
            int main(int count, char **arguments) {
                int mode = arguments[2][0] == 'n' ? RTLD_NOW : RTLD_LAZY;
                puts(dlopen(arguments[1], mode) ? "loaded" : dlerror());
                return 0;
            }
            """;

    @TempDir
    private static Path folder;

    private static Path library;

    @BeforeAll
    static void unpack() throws IOException {
        Requirement.command("musl-gcc").orSkip();
        library = folder.resolve("libjnidispatch.so");
        try (JarFile jar = new JarFile(Artifacts.agentJar().toFile()); InputStream in = jar.getInputStream(jar.getEntry(LIBRARY))) {
            Files.copy(in, library);
        }
        Files.writeString(folder.resolve("open.c"), SOURCE);
    }

    @Test
    void muslLoadsItLazilyAndLacksFunctionsOfIt() throws Exception {
        Path program = compiled("musl-gcc");
        assertEquals("loaded", run(program.toString(), library.toString(), "lazy"), "as a JVM asks");
        assertEquals("Error relocating " + library + ": __strdup: symbol not found",
                run(program.toString(), library.toString(), "now"));
    }

    @Test
    void glibcHasThemAll() throws Exception {
        Path program = compiled("gcc");
        assertEquals("loaded", run(program.toString(), library.toString(), "now"));
    }

    private static Path compiled(String compiler) throws Exception {
        Path program = folder.resolve("open-by-" + compiler);
        assertEquals("", run(compiler, "-o", program.toString(), folder.resolve("open.c").toString(), "-ldl"));
        return program;
    }

    /** @return what it said */
    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertEquals(0, process.waitFor(), said);
        return said;
    }
}
