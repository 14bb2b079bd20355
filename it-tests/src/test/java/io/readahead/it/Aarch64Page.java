package io.readahead.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Makes {@code it-tests/AARCH64.md} of the consoles of {@code aarch64.sh}, and says what the agent promises and was not seen.
 *
 * <p>Errors: as {@link KernelPage}'s, whose promises these are too.
 */
final class Aarch64Page {

    static final String MACHINE = "machine";
    static final String TESTS = "tests";

    private final Map<String, List<KernelLine>> consoles = new LinkedHashMap<>();
    private final KernelPage promises = new KernelPage();

    /** Arguments: the page; a console of each guest, called RELEASE-PAGES-JDK. Ends with 1 where something is missed. */
    public static void main(String[] arguments) throws IOException {
        Aarch64Page page = new Aarch64Page();
        for (int i = 1; i < arguments.length; i++) {
            Path console = Path.of(arguments[i]);
            page.add(console.getFileName().toString().replace(".console", ""),
                    Files.readString(console, StandardCharsets.ISO_8859_1).lines().toList());
        }
        Files.writeString(Path.of(arguments[0]), page.text());
        List<String> missed = page.missed();
        missed.forEach(System.out::println);
        System.out.println(missed.size() + " missed");
        System.exit(missed.isEmpty() ? 0 : 1);
    }

    void add(String name, List<String> console) {
        consoles.put(name, KernelLine.in(console));
        promises.add(name, console);
    }

    List<String> missed() {
        List<String> missed = new ArrayList<>(promises.missed());
        consoles.forEach((name, lines) -> {
            KernelLine machine = find(lines, MACHINE, KernelLine.NONE).orElse(null);
            if (machine == null || !machine.text("name").equals("aarch64")) {
                missed.add(name + ": it is to be aarch64: " + machine);
            }
            KernelLine tests = find(lines, TESTS, KernelLine.NONE).orElse(null);
            if (tests == null || tests.number("good") == 0 || !tests.text("bad").equals("0")) {
                missed.add(name + ": unit tests: " + tests);
            }
        });
        return missed;
    }

    String text() {
        StringBuilder text = new StringBuilder("""
                # 64-bit ARM

                Made by `it-tests/aarch64.sh` (see its `--help`): Debian's arm64 kernels and JDKs, as released, booted by QEMU on an
                emulated Neoverse N1. *unit tests*: the agent's own that call libc and kernel by numbers, constants and offsets
                (statx, cachestat, preadv2, mincore, madvise, getrusage, O_*; the program that tries system calls under a seccomp
                filter), and compare with the JDK's answers. The other columns are those of [kernels](KERNELS.md), of the shipped jar:
                four cold files at a time from a slow disk, what the event loop's thread read of them, how often it was found asleep in
                sendfile, and each download checked by its SHA-256.

                | kernel | page | JDK | unit tests | server | start-up line | without | with the agent | parks | hot | observe |
                |---|---|---|---|---|---|---|---|---|---|---|
                """);
        consoles.forEach((name, lines) -> lines.stream().map(KernelLine::server).filter(server -> !server.equals(KernelLine.NONE))
                .distinct().forEach(server -> row(text, server, lines)));
        return text.toString();
    }

    private static void row(StringBuilder text, String server, List<KernelLine> lines) {
        text.append("| ").append(figure(lines, KernelGuest.GUEST, KernelLine.NONE, "release"))
                .append(" | ").append(figure(lines, MACHINE, KernelLine.NONE, "pageKb")).append(" KB")
                .append(" | ").append(figure(lines, KernelGuest.GUEST, KernelLine.NONE, "jdk"))
                .append(" | ").append(figure(lines, TESTS, KernelLine.NONE, "good")).append(" good, ")
                .append(figure(lines, TESTS, KernelLine.NONE, "bad")).append(" bad")
                .append(" | ").append(server)
                .append(" | ").append(figure(lines, KernelGuest.AGENT, server, "started")
                        .replaceAll(".*(natives=\\S+ probe=\\S+).*", "$1"))
                .append(" | ").append(find(lines, KernelGuest.WITHOUT, server).map(Aarch64Page::reads).orElse("-"))
                .append(" | ").append(find(lines, KernelGuest.COLD, server).map(Aarch64Page::reads).orElse("-"))
                .append(" | ").append(figure(lines, KernelGuest.COLD, server, "parks"))
                .append(" | ").append(figure(lines, KernelGuest.HOT, server, "parks"))
                .append(" | ").append(figure(lines, KernelGuest.OBSERVE, server, "verdict").replaceAll(".*[:,] ", "")).append(" |\n");
    }

    private static String reads(KernelLine line) {
        return line.failed() ? "failed" : String.format(Locale.ROOT, "%.1f of %.0f MB, asleep %d of %d",
                line.number("loopBytes") / KernelPage.MB, line.number("fileBytes") / KernelPage.MB, line.number("asleepInSendfile"),
                line.number("looks"));
    }

    private static String figure(List<KernelLine> lines, String cell, String server, String name) {
        return find(lines, cell, server).filter(line -> !line.failed()).map(line -> line.text(name)).orElse("-");
    }

    private static Optional<KernelLine> find(List<KernelLine> lines, String cell, String server) {
        return lines.stream().filter(line -> line.cell().equals(cell) && line.server().equals(server)).findFirst();
    }
}
