package io.readahead.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** README.md and its pages hold together: links lead somewhere, what is named exists, nothing is said twice, nothing is too long. */
class DocumentationTest {

    private static final int README_LINES = 150;
    private static final int PAGE_LINES = 100;
    private static final int SENTENCE_CHARACTERS = 40;
    private static final Pattern LINK = Pattern.compile("]\\(([^)#]*)(?:#([^)]*))?\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");
    private static final Pattern FENCED = Pattern.compile("(?ms)^```.*?^```$");
    private static final Pattern TEST = Pattern.compile("`([A-Z]\\w*[a-z](?:IT|Test|Contract))`");
    private static final Pattern ATTRIBUTE = Pattern.compile("(?m)^ {4}[\\w<>, ]+ get(\\w+)\\(\\);");

    private final Map<Path, String> ofUsers = Documentation.ofUsers();

    @Test
    void linksLeadSomewhere() {
        List<String> broken = new ArrayList<>();
        Documentation.all().forEach((file, text) -> LINK.matcher(prose(text)).results()
                .filter(link -> !link.group(1).startsWith("http"))
                .filter(link -> !leadsSomewhere(file, link)).forEach(link -> broken.add(file + ": " + link.group())));
        assertEquals(List.of(), broken, "links to files or headings that are not there");
    }

    private static boolean leadsSomewhere(Path file, MatchResult link) {
        Path target = link.group(1).isEmpty() ? file : file.resolveSibling(link.group(1)).normalize();
        if (!Files.exists(target)) {
            return false;
        }
        return link.group(2) == null || anchors(Documentation.all().getOrDefault(target, "")).contains(link.group(2));
    }

    /** As GitHub makes them of headings. */
    private static Set<String> anchors(String text) {
        return HEADING.matcher(FENCED.matcher(text).replaceAll("")).results()
                .map(heading -> heading.group(1).toLowerCase(Locale.ROOT).replaceAll("[^\\w\\- ]", "").replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    @Test
    void readmeLeadsToEachPage() {
        String readme = Documentation.readme();
        List<String> unlinked = ofUsers.keySet().stream().map(page -> page.getFileName().toString())
                .filter(name -> !name.equals("README.md") && !readme.contains("](agent/docs/" + name)).toList();
        assertEquals(List.of(), unlinked, "pages that README.md does not lead to");
        assertTrue(ofUsers.size() > 1, "pages");
    }

    @Test
    void noneIsTooLong() {
        List<String> tooLong = ofUsers.entrySet().stream()
                .filter(page -> page.getValue().lines().count() > (page.getKey().endsWith("README.md") ? README_LINES : PAGE_LINES))
                .map(page -> page.getKey() + ": " + page.getValue().lines().count() + " lines").toList();
        assertEquals(List.of(), tooLong, "at most " + README_LINES + " lines for README.md, and " + PAGE_LINES + " for a page");
    }

    @Test
    void noSentenceStandsTwice() {
        Map<String, Path> first = new HashMap<>();
        List<String> twice = new ArrayList<>();
        ofUsers.forEach((file, text) -> sentences(text).forEach(sentence -> {
            Path before = first.putIfAbsent(sentence, file);
            if (before != null) {
                twice.add(before + " and " + file + ": " + sentence);
            }
        }));
        assertEquals(List.of(), twice);
        assertTrue(first.size() > 100, "sentences");
    }

    /** Of the running text; tables, code and short ones may repeat. */
    private static Stream<String> sentences(String text) {
        String running = prose(text).lines().filter(line -> !line.startsWith("|") && !line.startsWith("#"))
                .collect(Collectors.joining("\n"));
        return Stream.of(running.split("\n\n|\n- |(?<=[.:;?]) |(?<=[.:;?])\n")).map(sentence -> sentence.replaceAll("\\s+", " ").strip())
                .filter(sentence -> sentence.length() >= SENTENCE_CHARACTERS);
    }

    private static String prose(String text) {
        return FENCED.matcher(text).replaceAll("");
    }

    @Test
    void commandsSayWhoRunsThem() {
        List<String> silent = new ArrayList<>();
        ofUsers.forEach((file, text) -> Documentation.blocks(text).stream()
                .filter(block -> block.language().isEmpty() || block.language().equals("sh") && !isRunner(block.runner()))
                .forEach(block -> silent.add(file + ": " + block)));
        assertEquals(List.of(), silent, "blocks of commands that name no test that runs them, and blocks without a language");
    }

    private static boolean isRunner(String runner) {
        return runner.startsWith("hand: ") || tests().contains(runner.replaceAll(":.*", ""))
                || !runner.isEmpty() && Files.exists(Documentation.ROOT.resolve(runner));
    }

    @Test
    void testsThatAreNamedExist() {
        Set<String> tests = tests();
        List<String> unknown = new ArrayList<>();
        Documentation.all().forEach((file, text) -> TEST.matcher(text).results().map(named -> named.group(1))
                .filter(named -> !tests.contains(named)).forEach(named -> unknown.add(file + ": " + named)));
        assertEquals(List.of(), unknown, "tests that are named and don't exist");
    }

    private static Set<String> tests() {
        return Stream.of("agent/src/test", "agent/release", "it-tests/src/test", "examples")
                .flatMap(folder -> Documentation.files(folder, ".java"))
                .map(file -> file.getFileName().toString().replace(".java", "")).collect(Collectors.toSet());
    }

    @Test
    void eachMetricHasItsMeaning() throws IOException {
        String page = Documentation.page("is-it-working");
        String bean = Files.readString(Documentation.ROOT.resolve("agent/src/main/java/io/readahead/jmx/AgentMXBean.java"));
        Set<String> missing = new TreeSet<>();
        Set<String> attributes = ATTRIBUTE.matcher(bean).results().map(attribute -> attribute.group(1)).collect(Collectors.toSet());
        for (String attribute : attributes) {
            String inStatus = attribute.substring(0, 1).toLowerCase(Locale.ROOT) + attribute.substring(1);
            if (!page.contains("`" + attribute + "`") && !page.contains("`" + inStatus + "`")) {
                missing.add(attribute);
            }
        }
        assertEquals(Set.of(), missing, "attributes of the MBean that the page does not have");
        assertTrue(attributes.size() > 30, attributes::toString);
    }
}
