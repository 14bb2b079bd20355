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
 * <p>Errors: a cell that was not measured says why; a console without an end is one that is missed.
 */
final class KernelPage {

    /** As {@link ObserveIT} has it of a server with the problem: on an event loop, or on threads of a pool. */
    private static final Pattern WOULD_HELP = Pattern.compile("the agent would (?:help|free it)");
    private static final Pattern PROBE = Pattern.compile("\\bprobe=(\\S+)");
    private static final String CACHESTAT = "cachestat";
    private static final Pattern KIND = Pattern.compile("-([a-z][a-z0-9]*)$");
    static final double MB = 1 << 20;

    /** What a reason may take of a table's cell. */
    private static final int LONGEST_REASON = 100;

    /** Each row of the matrix, by what is booted: RELEASE[-READ_AHEAD_KB][-KIND]. */
    private final Map<String, List<KernelLine>> rows = new LinkedHashMap<>();
    /** The servers that were to run in each. */
    private final Map<String, Set<String>> wanted = new LinkedHashMap<>();
    private final List<String> endless = new ArrayList<>();
    private final List<String> missed = new ArrayList<>();

    /**
     * Arguments: the page; the console of each guest, called ROW.SERVER.console; of one that isn't there the page says that it was not
     * booted. Ends with 1 where something is missed.
     */
    public static void main(String[] arguments) throws IOException {
        KernelPage page = new KernelPage();
        for (int i = 1; i < arguments.length; i++) {
            Path console = Path.of(arguments[i]);
            String[] name = console.getFileName().toString().split("\\.");
            // The kernel and the firmware may print anything.
            page.add(name[0], name[1],
                    Files.exists(console) ? Files.readString(console, StandardCharsets.ISO_8859_1).lines().toList() : null);
        }
        Files.writeString(Path.of(arguments[0]), page.text());
        page.missed().forEach(System.out::println);
        System.out.println(page.missed().size() + " missed");
        System.exit(page.missed().isEmpty() ? 0 : 1);
    }

    /** Takes what a guest said, of one server or several. */
    void add(String row, List<String> console) {
        List<KernelLine> lines = KernelLine.in(console);
        rows.computeIfAbsent(row, name -> new ArrayList<>()).addAll(lines);
        servers(lines).forEach(server -> want(row, server));
        if (lines.stream().noneMatch(line -> line.cell().equals(KernelGuest.END))) {
            endless.add(row);
        }
    }

    /** Takes what a guest said of a server, or null where there was none. */
    void add(String row, String server, List<String> console) {
        want(row, server);
        if (console == null) {
            rows.computeIfAbsent(row, name -> new ArrayList<>());
            endless.add(row + ", " + server);
        } else {
            add(row, console);
        }
    }

    private void want(String row, String server) {
        wanted.computeIfAbsent(row, name -> new LinkedHashSet<>()).add(server);
    }

    /** What was promised and not seen, of all consoles. */
    List<String> missed() {
        missed.clear();
        endless.forEach(guest -> missed.add(guest + ": the guest did not come to its end, or was not booted"));
        rows.forEach((row, lines) -> {
            lines.stream().filter(KernelLine::failed).forEach(line -> missed.add(row + ": " + line));
            wanted.getOrDefault(row, Set.of()).stream().filter(server -> servers(lines).contains(server))
                    .forEach(server -> judge(row, server, lines));
        });
        return missed;
    }

    String text() {
        StringBuilder text = new StringBuilder("""
                # Kernels

                Made by `it-tests/kernels.sh` (see its `--help`): Debian's cloud kernels, as released, booted by QEMU without help of
                the hardware, each with the same root file system. Figures are the kernel's own account, `read_bytes` of the event
                loop's thread in /proc, and how often that thread was found asleep in sendfile or a read; no clock decides anything.
                Each download is checked by its SHA-256, each record of Kafka's by its bytes. *undertow-blocking*: a worker sends a
                whole file and waits where the socket takes nothing; what is said of the loop is said of those. *kafka*: the network
                thread, four consumers that read a partition each from the beginning.

                - *without*, *with the agent*: four files at a time, cold, from a slow disk: what the loop read of them, and in how many
                  looks it slept. *parks*: how often a download was made to wait for a side thread instead.
                - *hot*: parks of the same files when they are in memory.
                - *begun by another program*: cold but for the beginnings, 128 KB to 1.3 MB, that somebody else has read, a page first and
                  then 64 KB at a time, so that the kernel's marks for its own readahead are in the files.
                - *used twice*: of 64 cold files of 64 KB, what the kernel counts as used twice after one download of each, and after
                  a second (`nr_active_file`, with `lru_gen` switched off for that long, as it doesn't count). Where cachestat is missing
                  the side thread's look at what it has read is the second use.
                - *observe*: the end of the verdict of `mode=observe` over cold files; how long the loop waited for the disk by its account,
                  and by /proc, as far as it was seen asleep in looks 2 ms apart or more.
                - Within limits of cgroup v2 the first two are measured, and what the limits did.
                - *not run*: that guest was not booted when this page was written; `kernels.sh --servers SERVER ROW` boots it, and
                  `kernels.sh --report` writes the page again.

                """);
        guests(text);
        Set<String> servers = new LinkedHashSet<>();
        wanted.values().forEach(servers::addAll);
        for (String server : servers) {
            text.append("## ").append(server).append("\n\n")
                    .append("| kernel | Debian | file system | probe | without | with the agent | parks | hot | begun by another program"
                            + " | used twice | observe |\n|---|---|---|---|---|---|---|---|---|---|---|\n");
            rows.forEach((row, lines) -> {
                if (wanted.get(row).contains(server)) {
                    row(text, row, server, lines);
                }
            });
            text.append('\n');
            rows.forEach((row, lines) -> limits(text, row, server, lines));
            rows.forEach((row, lines) -> hang(text, row, server, lines));
        }
        return text.toString().stripTrailing() + "\n";
    }

    /** What they have in common, and which have more memory than most. */
    private void guests(StringBuilder text) {
        Map<Long, Set<String>> memory = new LinkedHashMap<>();
        List<KernelLine> guests = new ArrayList<>();
        rows.values().forEach(lines -> {
            KernelLine guest = null;
            for (KernelLine line : lines) {
                if (line.cell().equals(KernelGuest.GUEST)) {
                    guest = line;
                    guests.add(line);
                } else if (guest != null && !line.server().equals(KernelLine.NONE)) {
                    // Kernels differ by some MB in what they keep for themselves.
                    memory.computeIfAbsent(guest.number("memory") >> 18, size -> new LinkedHashSet<>()).add(line.server());
                }
            }
        });
        if (!guests.isEmpty()) {
            text.append(String.format(Locale.ROOT, "Guests: JDK %s, %s CPU; read_ahead_kb of the disk 128, where nothing else is said."
                    + " The disk gives 4 MB/s, to netty-tls 256 KB/s.%n", guests.get(0).text("jdk"), guests.get(0).text("cpus")));
            memory.forEach((size, servers) -> text.append("Memory of ").append(size / 4.0 + 0.25).append(" GB at most: ")
                    .append(String.join(", ", servers)).append(".\n"));
            text.append('\n');
        }
    }

    private static Set<String> servers(List<KernelLine> lines) {
        Set<String> servers = new LinkedHashSet<>();
        lines.stream().map(KernelLine::server).filter(server -> !server.equals(KernelLine.NONE)).forEach(servers::add);
        return servers;
    }

    private static void row(StringBuilder text, String row, String server, List<KernelLine> lines) {
        KernelLine guest = find(lines, KernelGuest.GUEST, KernelLine.NONE);
        text.append("| ").append(guest == null ? "-" : guest.text("kernel")).append(" | ").append(debian(row)).append(" | ");
        if (!servers(lines).contains(server)) {
            text.append(kind(row)).append(" | not run | - | - | - | - | - | - | - |\n");
            return;
        }
        KernelLine cold = find(lines, KernelGuest.COLD, server);
        KernelLine hot = find(lines, KernelGuest.HOT, server);
        text.append(fileSystem(row, guest)).append(" | ").append(probe(lines, server)).append(" | ")
                .append(reads(find(lines, KernelGuest.WITHOUT, server))).append(" | ").append(reads(cold)).append(" | ")
                .append(measured(cold) ? cold.text("parks") : "-").append(" | ")
                .append(measured(hot) ? hot.text("parks") + " of " + hot.text("downloads") : "-").append(" | ")
                .append(reads(find(lines, KernelGuest.BEGUN, server))).append(" | ")
                .append(used(find(lines, KernelGuest.USED, server))).append(" | ")
                .append(observed(find(lines, KernelGuest.OBSERVE, server))).append(" |\n");
    }

    /** The release, and the disk's read_ahead_kb where the row has one of its own. */
    private static String debian(String row) {
        return row.replaceAll("-[a-z].*", "").replace("-", ", read_ahead_kb ");
    }

    /** How {@code kernels.sh} calls what is between the files and the disk; ext4 where it says nothing. */
    private static String kind(String row) {
        Matcher kind = KIND.matcher(row);
        return kind.find() ? kind.group(1) : "ext4";
    }

    private static String fileSystem(String row, KernelLine guest) {
        String kind = kind(row);
        // Java tells ext4 by this name, too.
        String type = guest == null ? "-" : guest.text("fs").replace("ext2/ext3", "ext4");
        return kind.equals(KernelPlace.CGROUP) ? type + ", cgroup v2" : type;
    }

    private static String used(KernelLine line) {
        return !measured(line) ? failure(line) : String.format(Locale.ROOT, "%.1f, then %.1f of %.0f MB", line.number("once") / MB,
                line.number("twice") / MB, line.number("fileBytes") / MB);
    }

    private static String observed(KernelLine line) {
        return !measured(line) ? failure(line) : String.format(Locale.ROOT, "%s; %.1f s, %.1f s",
                verdict(line.text("verdict")), line.number("waitMillis") / 1000.0, line.number("loopMillis") / 1000.0);
    }

    private static String verdict(String whole) {
        Matcher would = WOULD_HELP.matcher(whole);
        return would.find() ? would.group() : whole.replaceAll(".*[:,] ", "");
    }

    /** What the limits of cgroup v2 did. */
    private static void limits(StringBuilder text, String row, String server, List<KernelLine> lines) {
        for (KernelLine line : lines) {
            if (line.cell().equals(KernelGuest.LIMITED) && line.server().equals(server) && measured(line)) {
                text.append(String.format(Locale.ROOT, "%s, %s, %s the agent: memory.max %.0f MB; the kernel took back %.1f MB while files"
                        + " were sent, met the limit %d times, and killed %d processes.%n%n", row, line.text("version"),
                        line.text("agent").equals("true") ? "with" : "without", line.number("memoryMax") / MB,
                        line.number("reclaimedBytes") / MB, line.number("hitMax"), line.number("killed")));
            }
        }
    }

    /** What went on while the mount hung. */
    private static void hang(StringBuilder text, String row, String server, List<KernelLine> lines) {
        KernelLine line = find(lines, KernelGuest.HANG, server);
        KernelLine without = find(lines, KernelGuest.WITHOUT, server);
        KernelLine cold = find(lines, KernelGuest.COLD, server);
        if (line != null && measured(without) && measured(cold)) {
            text.append(String.format(Locale.ROOT, "%s: asleep in any call, open, fstat and close among them: without the agent in %d of %d"
                    + " looks, with it in %d of %d.%n%n", row, without.number("asleep"), without.number("looks"), cold.number("asleep"),
                    cold.number("looks")));
        }
        if (line != null) {
            text.append(row).append(": with the NFS server stopped in the middle of ").append(measured(line)
                    ? String.format(Locale.ROOT, "downloads, %d of them parked, the loop %s %d requests for a hot file of another file"
                            + " system and was asleep in %d of %d looks; with the server started again %d downloads came whole.",
                            line.number("parkedMeanwhile"), line.text("answered").equals("true") ? "answered" : "did not answer all",
                            line.number("hotRequests"), line.number("asleep"), line.number("looks"),
                            line.number("whole"))
                    : "downloads: " + failure(line) + ".").append("\n\n");
        }
    }

    /** Why there is no figure, as far as a cell has room. */
    private static String failure(KernelLine line) {
        return line == null ? "-" : "failed: " + line.text(KernelLine.FAILED).replace('|', '/').replaceAll("^(?:\\w+\\.)+", "")
                .replaceAll("(?<=.{" + LONGEST_REASON + "}).*", "...");
    }

    private static boolean measured(KernelLine line) {
        return line != null && !line.failed();
    }

    private static String reads(KernelLine line) {
        return !measured(line) ? failure(line) : String.format(Locale.ROOT, "%s of %s MB, asleep %d of %d",
                line.number("loopBytes") == 0 ? "0" : String.format(Locale.ROOT, "%.1f", line.number("loopBytes") / MB),
                String.format(Locale.ROOT, "%.1f", line.number("fileBytes") / MB).replaceAll("\\.0$", ""), asleep(line),
                line.number("looks"));
    }

    /** Looks at which the loop slept in a call that reads: sendfile, and read and its kin where it encrypts. */
    private static long asleep(KernelLine line) {
        return line.number("asleepInSendfile") + line.number("asleepInRead");
    }

    private static String probe(List<KernelLine> lines, String server) {
        KernelLine agent = find(lines, KernelGuest.AGENT, server);
        Matcher probe = PROBE.matcher(agent == null ? "" : agent.text("started"));
        return probe.find() ? probe.group(1) : "-";
    }

    private void judge(String row, String server, List<KernelLine> lines) {
        KernelLine without = find(lines, KernelGuest.WITHOUT, server);
        // Reads of NFS are no block device's.
        boolean seen = measured(without) && (kind(row).equals(KernelPlace.NFS) ? asleep(without) > 0
                : without.number("loopBytes") >= without.number("fileBytes") / 2);
        demand(seen, row, server, "the control must read on the loop", without);
        KernelLine cold = find(lines, KernelGuest.COLD, server);
        demand(measured(cold) && asleep(cold) == 0 && cold.number("loopBytes") <= reclaimed(row, cold), row, server,
                "the loop reads nothing of cold files", cold);
        demand(measured(cold) && cold.number("parks") > 0, row, server, "cold files park", cold);
        if (kind(row).equals(KernelPlace.CGROUP)) {
            List<KernelLine> limits = lines.stream().filter(line -> line.cell().equals(KernelGuest.LIMITED) && measured(line)).toList();
            demand(limits.size() == 2 && limits.stream().allMatch(line -> line.number("reclaimedBytes") > 0 && line.number("killed") == 0),
                    row, server, "limits are felt, and kill nobody", limits.isEmpty() ? null : limits.get(limits.size() - 1));
            return;
        }
        KernelLine hot = find(lines, KernelGuest.HOT, server);
        demand(measured(hot) && hot.number("parks") == 0, row, server, "hot files park nowhere", hot);
        KernelLine begun = find(lines, KernelGuest.BEGUN, server);
        demand(measured(begun) && begun.number("loopBytes") == 0, row, server,
                "the loop doesn't go on with the readahead that the kernel began for another program", begun);
        KernelLine observe = find(lines, KernelGuest.OBSERVE, server);
        demand(measured(observe) && WOULD_HELP.matcher(observe.text("verdict")).find(), row, server, "observe sees it", observe);
        KernelLine used = find(lines, KernelGuest.USED, server);
        if (measured(used) && probe(lines, server).startsWith(CACHESTAT)) {
            demand(used.number("once") < used.number("fileBytes") / 4, row, server, "one download is one use", used);
        }
        if (kind(row).equals(KernelPlace.NFS)) {
            KernelLine hang = find(lines, KernelGuest.HANG, server);
            demand(measured(hang) && hang.number("asleep") == 0 && hang.text("unfinished").equals("true")
                    && hang.text("answered").equals("true"), row, server,
                    "others go on beside a mount that hangs", hang);
        }
    }

    /** Where memory is too small, what is taken back before it is sent the loop reads: progress goes before sleep. */
    private static long reclaimed(String row, KernelLine cold) {
        return kind(row).equals(KernelPlace.CGROUP) ? cold.number("readTwice") : 0;
    }

    private void demand(boolean met, String row, String server, String claim, KernelLine seen) {
        if (!met) {
            missed.add(row + ", " + server + ": " + claim + ": " + (seen == null ? "not measured" : seen));
        }
    }

    private static KernelLine find(List<KernelLine> lines, String cell, String server) {
        return lines.stream().filter(line -> line.cell().equals(cell) && line.server().equals(server)).findFirst().orElse(null);
    }
}
