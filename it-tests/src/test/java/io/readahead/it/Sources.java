package io.readahead.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.ToolProvider;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Classes that a test writes and compiles, of packages that are not ours. */
final class Sources {

    private Sources() {
    }

    /** Compiles for Java 17. @return the class path */
    static Path compile(Path folder, List<String> sources) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--release", "17", "-d", folder.toString()));
        Path files = Files.createDirectories(folder.resolve("src"));
        for (String source : sources) {
            String name = source.replaceAll("(?s).*?(?:class|interface) (\\w+).*", "$1");
            arguments.add(Files.writeString(files.resolve(name + ".java"), source).toString());
        }
        assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new)), "compiled");
        return folder;
    }
}
