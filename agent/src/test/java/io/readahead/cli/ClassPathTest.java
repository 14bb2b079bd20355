package io.readahead.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** What a command line says of the class path. */
class ClassPathTest {

    @TempDir
    private Path proc;

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "java -cp a.jar:classes Main x|a.jar classes",
        "java -Xmx1g -classpath /opt/classes Main -cp other|/opt/classes",
        "java --class-path=one -cp two Main|two",
        "java --add-opens java.base/java.nio=ALL-UNNAMED -cp two: Main|two .",
        "java Main|var",
        "java -cp two -m app/app.Main -cp other|two",
    })
    void itIsThatOfTheLastOptionBeforeTheMainClass(String commandLine, String entries) {
        assertEquals(List.of(entries.split(" ")), ClassPath.entries(List.of(commandLine.split(" ")), List.of("X=1", "CLASSPATH=var")));
    }

    @Test
    void withAJarOrAModuleOrNothingSaidThereIsNone() {
        assertEquals(List.of(), ClassPath.entries(List.of("java", "@arguments"), List.of()));
        assertEquals(List.of(), ClassPath.entries(List.of("java", "-cp", "a", "-jar", "b.jar"), List.of("CLASSPATH=var")));
        assertEquals(List.of(), ClassPath.entries(List.of("java", "-p", "mods", "-m", "app"), List.of()));
    }

    @Test
    void foldersAreThoseOfTheProcess() throws IOException {
        Files.createDirectories(proc.resolve("root/opt/classes"));
        Files.createDirectories(proc.resolve("cwd/here"));
        Files.writeString(proc.resolve("cmdline"), "java\0-cp\0/opt/classes:here:a.jar:lib/*:/none\0Main\0");
        Files.writeString(proc.resolve("environ"), "");
        assertEquals(List.of(proc.resolve("root/opt/classes"), proc.resolve("cwd/here")), ClassPath.foldersOf(proc));
        assertEquals(List.of(), ClassPath.foldersOf(proc.resolve("none")));
    }
}
