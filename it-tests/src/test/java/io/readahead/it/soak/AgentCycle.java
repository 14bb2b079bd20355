package io.readahead.it.soak;

import java.util.List;
import java.util.Random;

/** The agent of one server is taken off, put on, or told other options, under load. */
record AgentCycle(List<SoakServer> servers, Tally tally) implements Fault {

    static final String DETACHED = "agent detached";
    static final String ATTACHED = "agent attached";

    private static final List<String> WINDOWS = List.of("64k", "256k", "1m", "4m");
    private static final List<String> BUDGETS = List.of("4m", "16m", "64m");
    private static final int MOST_THREADS = 8;
    private static final int DETACH_ONE_IN = 3;

    @Override
    public Pause pause() {
        return new Pause(100, 1200);
    }

    @Override
    public String inject(Random random) throws Exception {
        SoakServer server = servers.get(random.nextInt(servers.size()));
        if (random.nextInt(DETACH_ONE_IN) == 0) {
            expect(server, server.detach(), "DETACHED");
            return DETACHED;
        }
        expect(server, server.attach("threads=" + (1 + random.nextInt(MOST_THREADS)) + ",window="
                + WINDOWS.get(random.nextInt(WINDOWS.size())) + ",budget=" + BUDGETS.get(random.nextInt(BUDGETS.size()))), " ACTIVE ");
        return ATTACHED;
    }

    private void expect(SoakServer server, String answer, String word) {
        if (!answer.contains(word)) {
            tally.failed(server + ": no '" + word.strip() + "' in the answer '" + answer + "'");
        }
    }

    /** Leaves the agent on, at its defaults, for the end to look at. */
    @Override
    public void end() throws Exception {
        for (SoakServer server : servers) {
            expect(server, server.attach(""), " ACTIVE ");
        }
    }
}
