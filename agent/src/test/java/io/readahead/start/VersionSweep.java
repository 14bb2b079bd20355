package io.readahead.start;

import io.readahead.weave.Recipe;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks whether the released versions of servers' libraries are as the agent knows them; {@code it-tests/versions.sh} runs it.
 *
 * <p>Each class of a release that the agent weaves by default is woven and linked by the JVM, which verifies it; each class that an
 * adapter reaches by reflection is handed to it, with what the adapter is to find in it. No server is started.
 */
public final class VersionSweep {

    private final List<Recipe> recipes;
    private final Path folder;
    private final PrintStream out;
    private final StringBuilder table = new StringBuilder();
    private int wrong;

    /**
     * @param recipes what is woven
     * @param folder with one of jars for each release, called {@code ARTIFACT-RELEASE}
     * @param out is told of each release
     */
    VersionSweep(List<Recipe> recipes, Path folder, PrintStream out) {
        this.recipes = recipes;
        this.folder = folder;
        this.out = out;
    }

    /** Arguments: the list; the folder of jars; the page to be written. Ends with 1 where a release is WRONG. */
    public static void main(String[] arguments) throws Exception {
        VersionSweep sweep = new VersionSweep(Servers.RECIPES, Path.of(arguments[1]), System.out);
        PrintStream errors = System.err;
        System.setErr(new PrintStream(OutputStream.nullOutputStream()));    // classes that are initialized have much to say there
        try {
            sweep.check(Files.readAllLines(Path.of(arguments[0])));
        } finally {
            System.setErr(errors);
        }
        Files.writeString(Path.of(arguments[2]), sweep.page());
        System.out.println(sweep.wrong + " wrong");
        System.exit(sweep.wrong == 0 ? 0 : 1);
    }

    /** Looks at all releases of a list. */
    void check(List<String> list) throws Exception {
        for (SweptLibrary library : SweptLibrary.in(list)) {
            check(library);
        }
    }

    /** How many releases are not as the list says. */
    int wrong() {
        return wrong;
    }

    String page() {
        return """
                # Versions

                Made by `it-tests/versions.sh` from `it-tests/versions.txt`: the classes of each release, with those of what it depends on,
                woven and verified by JDK %d, and each class that an adapter reaches by reflection. No server was started for it.
                Releases in a row with the same result are one line; behind a class stands what its woven code calls of the bridge.

                | library | releases | checked | result |
                |---|---|---|---|
                %s""".formatted(Runtime.version().feature(), table);
    }

    private void check(SweptLibrary library) throws Exception {
        List<String> alike = new ArrayList<>();
        String before = null;
        for (String release : library.releases()) {
            String result = resultOf(library, release);
            out.println(library.name() + " " + release + ": " + result);
            if (!result.equals(before)) {
                row(library, alike, before);
                alike.clear();
            }
            before = result;
            alike.add(release);
        }
        row(library, alike, before);
    }

    private String resultOf(SweptLibrary library, String release) throws IOException {
        try (SweptRelease swept = new SweptRelease(folder.resolve(library.folder() + "-" + release), recipes)) {
            swept.weave();
            for (AdapterQuestion question : library.questions()) {
                swept.ask(question);
            }
            wrong += swept.isAsExpected(library.woven()) ? 0 : 1;
            return swept.result(library.woven());
        }
    }

    private void row(SweptLibrary library, List<String> releases, String result) {
        if (!releases.isEmpty()) {
            String first = releases.get(0);
            String last = releases.get(releases.size() - 1);
            table.append("| ").append(library.name()).append(" | ").append(first.equals(last) ? first : first + " to " + last).append(" | ")
                    .append(releases.size()).append(" | ").append(result.replace("|", "\\|")).append(" |\n");
        }
    }
}
