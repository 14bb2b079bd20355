package io.readahead.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes {@code it-tests/KERNELS.md} of the consoles of {@code kernels.sh}, and says what the agent promises and a kernel did not show.
 *
 * <p>Errors: a cell that was not measured says so; a console without an end is one that is missed.
 */
final class KernelPage {

    /** As {@link ObserveIT} has it of a server with the problem. */
    private static final String WOULD_HELP = "the agent would help";
    private static final Pattern PROBE = Pattern.compile("\\bprobe=(\\S+)");
    static final double MB = 1 << 20;

    private final Map<String, List<KernelLine>> consoles = new LinkedHashMap<>();
    private final List<String> missed = new ArrayList<>();

    /** Arguments: the page; a console of each kernel, called RELEASE or RELEASE-READ_AHEAD_KB. Ends with 1 where something is missed. */
    public static void main(String[] arguments) throws IOException {
        KernelPage page = new KernelPage();
        for (int i = 1; i < arguments.length; i++) {
            Path console = Path.of(arguments[i]);
            // The kernel and the firmware may print anything.
            page.add(console.getFileName().toString().replace(".console", "").replace("-", ", read_ahead_kb "),
                    Files.readString(console, StandardCharsets.ISO_8859_1).lines().toList());
        }
        Files.writeString(Path.of(arguments[0]), page.text());
        page.missed().forEach(System.out::println);
        System.out.println(page.missed().size() + " missed");
        System.exit(page.missed().isEmpty() ? 0 : 1);
    }

    /** Takes what a guest said. */
    void add(String release, List<String> console) {
        consoles.put(release, KernelLine.in(console));
    }

    /** What was promised and not seen, of all consoles. */
    List<String> missed() {
        missed.clear();
        consoles.forEach((debian, lines) -> {
            if (lines.stream().noneMatch(line -> line.cell().equals(KernelGuest.END))) {
                missed.add(debian + ": the guest did not come to its end");
            }
            lines.stream().filter(KernelLine::failed).forEach(line -> missed.add(debian + ": " + line));
            servers(lines).forEach(server -> judge(debian, server, lines));
        });
        return missed;
    }

    String text() {
        StringBuilder text = new StringBuilder("""
                # Kernels

                Made by `it-tests/kernels.sh` (see its `--help`): Debian's cloud kernels, as released, booted by QEMU without help of
                the hardware, each with the same root file system. Figures are the kernel's own account, `read_bytes` of the event
                loop's thread in /proc, and how often that thread was found asleep in sendfile; no clock decides anything. Each
                download is checked by its SHA-256.

                - *without*, *with the agent*: four files at a time, cold, from a slow disk: what the loop read of them, and in how many
                  looks it slept. *parks*: how often a download was made to wait for a side thread instead.
                - *hot*: parks of the same files when they are in memory.
                - *begun by another program*: cold but for the beginnings, 128 KB to 1.3 MB, that somebody else has read, a page first and
                  then 64 KB at a time, so that the kernel's marks for its own readahead are in the files.
                - *observe*: the end of the verdict of `mode=observe` over cold files.

                """);
        consoles.values().stream().flatMap(List::stream).filter(line -> line.cell().equals(KernelGuest.GUEST)).findFirst()
                .ifPresent(guest -> text.append(String.format(Locale.ROOT,
                        "Guests: JDK %s, %s CPU, %d MB; read_ahead_kb of the disk 128, where nothing else is said.%n%n",
                        guest.text("jdk"), guest.text("cpus"), guest.number("memory") >> 10)));
        Set<String> servers = new LinkedHashSet<>();
        consoles.values().forEach(lines -> servers.addAll(servers(lines)));
        for (String server : servers) {
            text.append("## ").append(server).append("\n\n")
                    .append("| kernel | Debian | file system | probe | without | with the agent | parks | hot | begun by another program"
                            + " | observe |\n|---|---|---|---|---|---|---|---|---|---|\n");
            consoles.forEach((debian, lines) -> row(text, debian, server, lines));
            text.append('\n');
        }
        return text.toString().stripTrailing() + "\n";
    }

    private static Set<String> servers(List<KernelLine> lines) {
        Set<String> servers = new LinkedHashSet<>();
        lines.stream().map(KernelLine::server).filter(server -> !server.equals(KernelLine.NONE)).forEach(servers::add);
        return servers;
    }

    private static void row(StringBuilder text, String debian, String server, List<KernelLine> lines) {
        KernelLine guest = find(lines, KernelGuest.GUEST, KernelLine.NONE);
        KernelLine cold = find(lines, KernelGuest.COLD, server);
        KernelLine hot = find(lines, KernelGuest.HOT, server);
        KernelLine observe = find(lines, KernelGuest.OBSERVE, server);
        text.append("| ").append(guest == null ? "-" : guest.text("kernel")).append(" | ").append(debian).append(" | ")
                .append(guest == null ? "-" : guest.text("fs")).append(" | ").append(probe(lines, server)).append(" | ")
                .append(reads(find(lines, KernelGuest.WITHOUT, server))).append(" | ").append(reads(cold)).append(" | ")
                .append(measured(cold) ? cold.text("parks") : "-").append(" | ")
                .append(measured(hot) ? hot.text("parks") + " of " + hot.text("downloads") : "-").append(" | ")
                .append(reads(find(lines, KernelGuest.BEGUN, server))).append(" | ")
                .append(!measured(observe) ? "-" : observe.text("verdict").replaceAll(".*[:,] ", "")).append(" |\n");
    }

    private static boolean measured(KernelLine line) {
        return line != null && !line.failed();
    }

    private static String reads(KernelLine line) {
        return !measured(line) ? line == null ? "-" : "failed" : String.format(Locale.ROOT, "%s of %.0f MB, asleep %d of %d",
                line.number("loopBytes") == 0 ? "0" : String.format(Locale.ROOT, "%.1f", line.number("loopBytes") / MB),
                line.number("fileBytes") / MB, line.number("asleepInSendfile"), line.number("looks"));
    }

    private static String probe(List<KernelLine> lines, String server) {
        KernelLine agent = find(lines, KernelGuest.AGENT, server);
        Matcher probe = PROBE.matcher(agent == null ? "" : agent.text("started"));
        return probe.find() ? probe.group(1) : "-";
    }

    private void judge(String debian, String server, List<KernelLine> lines) {
        KernelLine without = find(lines, KernelGuest.WITHOUT, server);
        demand(measured(without) && without.number("loopBytes") >= without.number("fileBytes") / 2, debian, server,
                "the control must read on the loop", without);
        KernelLine cold = find(lines, KernelGuest.COLD, server);
        demand(measured(cold) && cold.number("loopBytes") == 0 && cold.number("asleepInSendfile") == 0, debian, server,
                "the loop reads nothing of cold files", cold);
        demand(measured(cold) && cold.number("parks") > 0, debian, server, "cold files park", cold);
        KernelLine hot = find(lines, KernelGuest.HOT, server);
        demand(measured(hot) && hot.number("parks") == 0, debian, server, "hot files park nowhere", hot);
        KernelLine begun = find(lines, KernelGuest.BEGUN, server);
        demand(measured(begun) && begun.number("loopBytes") == 0, debian, server,
                "the loop doesn't go on with the readahead that the kernel began for another program", begun);
        KernelLine observe = find(lines, KernelGuest.OBSERVE, server);
        demand(measured(observe) && observe.text("verdict").endsWith(WOULD_HELP), debian, server, "observe sees it", observe);
    }

    private void demand(boolean met, String debian, String server, String claim, KernelLine seen) {
        if (!met) {
            missed.add(debian + ", " + server + ": " + claim + ": " + (seen == null ? "not measured" : seen));
        }
    }

    private static KernelLine find(List<KernelLine> lines, String cell, String server) {
        return lines.stream().filter(line -> line.cell().equals(cell) && line.server().equals(server)).findFirst().orElse(null);
    }
}
