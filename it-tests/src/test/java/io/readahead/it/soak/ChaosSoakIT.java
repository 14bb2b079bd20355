package io.readahead.it.soak;

import io.readahead.it.Artifacts;
import io.readahead.it.OnDisk;
import io.readahead.kit.Jdk;
import io.readahead.kit.Requirement;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Everything goes wrong at once, for minutes or hours: every byte that comes is right, whatever does not come has a cause other than the
 * agent, and nothing is left behind.
 *
 * <p>How long, and from which seed on: {@link SoakPlan}. The results are also in {@code it-tests/target/soak.json}.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("io.readahead.it.Jdks#chosen")
class ChaosSoakIT {

    /** Long enough to load all classes, to attach and detach, and to have the pools of the servers as large as they get. */
    private static final int SETTLE_SECONDS = 8;

    private static final List<SoakReport> REPORTS = new ArrayList<>();

    @TempDir(factory = OnDisk.class)
    private static Path root;

    @Parameter
    private Jdk jdk;

    @BeforeAll
    static void hasAllThatIsNeeded() {
        Requirement.root().orSkip();
        Requirement.cgroups().orSkip();
        Requirement.command("setpriv").orSkip();
    }

    @Test
    void nothingIsLostAndNothingIsLeft() throws Exception {
        SoakPlan plan = SoakPlan.ofProperties();
        System.out.println("soak: " + jdk + ", " + plan + "; once more by -Dsoak.seed=" + plan.seed());
        SoakFolders folders = SoakFolders.write(root);
        List<SoakServer> servers = SoakServer.startAll(jdk, folders, plan.agent());
        Tally tally = new Tally(System.out::println);
        try {
            Map<String, Footprint> before = settle(plan, servers, folders, tally);
            System.out.println("soak: settled, " + before);
            List<Fault> faults = faults(servers, folders);
            if (plan.agent()) {
                attachAll(servers);
                faults.add(new AgentCycle(servers, tally));
            }
            new SoakPhase(tally).run(servers, faults, plan.connections(), plan.seconds(), plan.seed());
            Map<String, Footprint> after = footprints(servers, plan.agent(), tally);
            Leftovers.compare(before, after, tally);
            AgentAccount account = account(servers, plan.agent(), tally);
            REPORTS.add(SoakReport.of(jdk.toString(), plan, tally, account, before, after));
        } finally {
            servers.forEach(SoakServer::close);
        }
        SoakReport report = REPORTS.get(REPORTS.size() - 1);
        System.out.println(report.text());
        SoakReport.write(REPORTS, Artifacts.workDir().resolveSibling("soak.json"));
        claim(report);
    }

    /** The same in short, so that what is measured before is measured after the like. */
    private static Map<String, Footprint> settle(SoakPlan plan, List<SoakServer> servers, SoakFolders folders, Tally tally)
            throws Exception {
        Tally settling = new Tally(problem -> tally.failed("while it settled: " + problem));
        if (plan.agent()) {
            attachAll(servers);
        }
        new SoakPhase(settling).run(servers, faults(servers, folders), plan.connections(), SETTLE_SECONDS, ~plan.seed());
        return footprints(servers, plan.agent(), settling);
    }

    private static List<Fault> faults(List<SoakServer> servers, SoakFolders folders) {
        List<Fault> faults = new ArrayList<>(List.of(new FileChange(folders.shared().changing()), new DiskSpeed(servers, root),
                new MemoryRoom(servers)));
        folders.all().forEach(files -> faults.add(new Eviction(files)));
        return faults;
    }

    private static void attachAll(List<SoakServer> servers) throws Exception {
        for (SoakServer server : servers) {
            String answer = server.attach("");
            assertTrue(answer.contains(" ACTIVE "), () -> answer + "; " + server.process());
        }
    }

    private static Map<String, Footprint> footprints(List<SoakServer> servers, boolean agent, Tally tally) throws Exception {
        Map<String, Footprint> footprints = new TreeMap<>();
        for (SoakServer server : servers) {
            Leftovers.awaitIdle(server, agent);
            footprints.put(server.name(), Leftovers.afterDetach(server, agent, tally));
        }
        return footprints;
    }

    private static AgentAccount account(List<SoakServer> servers, boolean agent, Tally tally) {
        return servers.stream().map(server -> account(server, agent, tally)).reduce(AgentAccount::and).orElseThrow();
    }

    private static AgentAccount account(SoakServer server, boolean agent, Tally tally) {
        AgentAccount account = AgentAccount.of(server, tally);
        System.out.println("soak: " + server + " had " + account.runs() + " agents: " + account.sums());
        if (agent && account.get("parks") == 0) {
            tally.failed("nothing parked in " + server + ", so nothing was cold there");
        }
        return account;
    }

    private static void claim(SoakReport report) {
        assertAll("seed " + report.plan().seed(),
                () -> assertEquals(List.of(), report.problems(), "problems"),
                () -> assertTrue(report.complete() > report.plan().seconds(), "complete responses"),
                () -> assertTrue(report.explained() > 0, "responses that a fault ended"),
                () -> assertTrue(!report.plan().agent() || report.account().get("parks") > report.plan().seconds(),
                        "nothing parked, so nothing was cold and nothing is proved"),
                () -> assertTrue(!report.plan().agent() || report.account().get("blockingWaits") > 0, "no blocking reader waited"),
                () -> assertTrue(!report.plan().agent() || report.faults().getOrDefault(AgentCycle.DETACHED, 0L) > 0,
                        "agents were taken off under load"));
    }
}
