package io.readahead.it.soak;

import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The closing table, for people and as JSON.
 *
 * @param jdk of the servers
 * @param account of all agents of all servers
 * @param before what each server held before
 * @param after and afterwards
 */
record SoakReport(String jdk, SoakPlan plan, long connections, long complete, long explained, long unexplained, long bytes,
                  Map<String, Long> manners, Map<String, Long> explanations, Map<String, Long> faults, AgentAccount account,
                  Map<String, Footprint> before, Map<String, Footprint> after, List<String> problems) {

    static SoakReport of(String jdk, SoakPlan plan, Tally tally, AgentAccount account, Map<String, Footprint> before,
                         Map<String, Footprint> after) {
        return new SoakReport(jdk, plan, tally.connections(), tally.verdicts(Verdict.Kind.COMPLETE),
                tally.verdicts(Verdict.Kind.EXPLAINED), tally.verdicts(Verdict.Kind.UNEXPLAINED), tally.bytes(), tally.manners(),
                tally.explanations(), tally.faults(), account, before, after, tally.problems());
    }

    /** The line of a minute. */
    static String line(Tally tally) {
        return "connections " + tally.connections() + ", complete " + tally.verdicts(Verdict.Kind.COMPLETE) + ", explained "
                + tally.verdicts(Verdict.Kind.EXPLAINED) + ", unexplained " + tally.verdicts(Verdict.Kind.UNEXPLAINED) + ", MB "
                + (tally.bytes() >> 20) + ", faults " + tally.faults().values().stream().mapToLong(Long::longValue).sum() + ", problems "
                + tally.problemCount();
    }

    /** The table. */
    String text() {
        Map<String, Object> rows = new LinkedHashMap<>();
        rows.put("JDK, seconds, seed, agent", jdk + ", " + plan.seconds() + ", " + plan.seed() + ", " + plan.agent());
        rows.put("connections", connections);
        rows.put("responses complete and right", complete);
        rows.put("responses with a cause in the ledger", explained + " " + explanations);
        rows.put("responses without a cause", unexplained);
        rows.put("MB checked", bytes >> 20);
        rows.put("requests by manner", manners);
        rows.put("faults injected", faults);
        rows.put("agents taken off, and what they counted", account.runs() + " " + account.sums());
        before.forEach((server, footprint) -> rows.put(server + " before", footprint));
        after.forEach((server, footprint) -> rows.put(server + " after", footprint));
        rows.put("problems", problems.size());
        StringBuilder table = new StringBuilder("soak: the closing table\n");
        rows.forEach((name, value) -> table.append(String.format("  %-40s %s%n", name, value)));
        return table.toString();
    }

    /** Writes those of one run, one for each JDK, into a file. */
    static void write(List<SoakReport> reports, Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, new GsonBuilder().setPrettyPrinting().create().toJson(reports) + "\n");
    }
}
