package io.readahead.it;

import io.readahead.kit.Await;
import io.readahead.kit.Jdk;

/** The classes of the agent in a server. */
final class AgentClasses {

    /** Of the class that puts the agent together there is one for each agent that was ever started and not collected. */
    private static final String ONE_OF_THEM = "io.readahead.start.RunningAgent";

    private AgentClasses() {
    }

    /**
     * The JVM's own commands find no class of the agent any more, but the two of the bridge, which live in java.base.
     *
     * <p>Run the server with {@code -XX:SoftRefLRUPolicyMSPerMB=0}: the JDK's own caches of reflection hold classes softly.
     */
    static void awaitCollected(Jdk jdk, long pid) throws Exception {
        Await.until("the agent's class loader is collected", () -> {
            Jcmd.run(jdk, pid, "GC.run");
            return Jcmd.run(jdk, pid, "VM.class_hierarchy").lines().noneMatch(line -> line.contains(ONE_OF_THEM));
        });
    }
}
