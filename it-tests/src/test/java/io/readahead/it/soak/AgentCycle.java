package io.readahead.it.soak;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * The agent of one server is taken off, put on, or told other options, under load.
 *
 * <p>The first is taken off: beside all clients of a busy machine one more may take seconds, and no run is to be without.
 */
final class AgentCycle implements Fault {

    static final String DETACHED = "agent detached";
    static final String ATTACHED = "agent attached";

    private static final List<String> WINDOWS = List.of("64k", "256k", "1m", "4m");
    private static final List<String> BUDGETS = List.of("4m", "16m", "64m");
    private static final int MOST_THREADS = 8;
    private static final int DETACH_ONE_IN = 3;

    private final List<SoakServer> servers;
    private final Tally tally;
    private final Set<SoakServer> without = new HashSet<>();
    private boolean begun;

    /** @param servers all of which have an agent */
    AgentCycle(List<SoakServer> servers, Tally tally) {
        this.servers = servers;
        this.tally = tally;
    }

    @Override
    public Pause pause() {
        return new Pause(100, 1200);
    }

    @Override
    public String inject(Random random) throws Exception {
        SoakServer server = servers.get(random.nextInt(servers.size()));
        if (random.nextInt(DETACH_ONE_IN) == 0 || !begun) {
            begun = true;
            without.add(server);
            expect(server, server.detach(), "DETACHED");
            return DETACHED;
        }
        without.remove(server);
        expect(server, server.attach("threads=" + (1 + random.nextInt(MOST_THREADS)) + ",window="
                + WINDOWS.get(random.nextInt(WINDOWS.size())) + ",budget=" + BUDGETS.get(random.nextInt(BUDGETS.size()))), " ACTIVE ");
        return ATTACHED;
    }

    private void expect(SoakServer server, String answer, String word) {
        if (!answer.contains(word)) {
            tally.failed(server + ": no '" + word.strip() + "' in the answer '" + answer + "'");
        }
    }

    /** Leaves an agent on everywhere, for the end to look at. */
    @Override
    public void end() throws Exception {
        for (SoakServer server : without) {
            expect(server, server.attach(""), " ACTIVE ");
        }
    }
}
