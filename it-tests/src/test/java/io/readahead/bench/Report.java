package io.readahead.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes {@code it-tests/BENCHMARKS.md}: what was measured, and below each row what was found out about it.
 *
 * <p>The findings are written by hand, in {@code findings/ROW.md} beside this class; what another machine said is
 * {@code findings/another-machine.md}, the paper part {@code findings/on-paper.md}.
 */
final class Report {

    private static final String HEAD = """
            # Benchmarks

            Made by `it-tests/bench.sh` (see its `--help`). Every subject of a row is measured by turns in one run, A B A B; a value
            is the median over the rounds, a ratio is the median of the rounds' own ratios, with the least and the largest behind it.
            `no` in the last column is a bound that is not reached: the cause, and what was tried, is below the row.

            """;

    private final Results results;

    Report(Results results) {
        this.results = results;
    }

    void write() throws IOException {
        StringBuilder text = new StringBuilder(HEAD);
        summary(text);
        for (Row row : Bench.rows()) {
            Results.RowResult result = results.of(row.id());
            text.append("## ").append(row.title()).append("\n\n");
            if (result == null) {
                text.append("Not measured yet.\n\n");
            } else {
                table(text, result);
            }
            text.append(finding(row.id()));
        }
        text.append(finding("another-machine"));
        text.append(finding("on-paper"));
        Files.writeString(Path.of(System.getProperty("readahead.bench.report")), text.toString().stripTrailing() + "\n");
    }

    private void summary(StringBuilder text) {
        List<Machine> machines = new ArrayList<>();
        for (Row row : Bench.rows()) {
            Results.RowResult result = results.of(row.id());
            if (result != null && !machines.contains(result.machine())) {
                machines.add(result.machine());
            }
        }
        for (Machine machine : machines) {
            text.append("Machine: ").append(machine.cpu()).append(", ").append(machine.memory()).append(", ").append(machine.kernel())
                    .append(", ").append(machine.disk()).append(".\n\n");
        }
        text.append("| row | bounds reached | commit | command | seconds |\n|---|---|---|---|---|\n");
        for (Row row : Bench.rows()) {
            Results.RowResult result = results.of(row.id());
            if (result != null) {
                List<Samples.Line> bound = result.lines().stream().filter(line -> !line.bound().isEmpty()).toList();
                long reached = bound.stream().filter(Samples.Line::reached).count();
                text.append("| ").append(row.id()).append(" | ").append(reached).append(" of ").append(bound.size()).append(" | ")
                        .append(result.commit()).append(" | `").append(result.command()).append("` | ").append(result.seconds())
                        .append(" |\n");
            }
        }
        text.append('\n');
    }

    private static void table(StringBuilder text, Results.RowResult result) {
        text.append("JDK ").append(result.jdk()).append(", ").append(result.date()).append(", ").append(result.pairs())
                .append(" rounds.\n\n")
                .append("| | what | subject | value | compared with | value | ratio | bound | reached |\n")
                .append("|---|---|---|---|---|---|---|---|---|\n");
        for (Samples.Line line : result.lines()) {
            String spread = Numbers.text(line.least()) + " - " + Numbers.text(line.most());
            text.append("| ").append(line.scene()).append(" | ").append(line.metric()).append(" | ").append(line.subject()).append(" | ")
                    .append(Numbers.text(line.value()));
            if (line.peer().isEmpty()) {
                text.append(line.rounds() > 1 ? " (" + spread + ")" : "").append(" | | | ");
            } else {
                text.append(" | ").append(line.peer()).append(" | ").append(Numbers.text(line.peerValue())).append(" | ")
                        .append(Numbers.text(line.ratio())).append(" (").append(spread).append(")");
            }
            text.append(" | ").append(line.bound()).append(" | ").append(line.bound().isEmpty() ? "" : line.reached() ? "yes" : "no")
                    .append(" |\n");
        }
        text.append('\n');
    }

    private static String finding(String id) throws IOException {
        try (var stream = Report.class.getResourceAsStream("findings/" + id + ".md")) {
            return stream == null ? "" : new String(stream.readAllBytes(), StandardCharsets.UTF_8).strip() + "\n\n";
        }
    }
}
