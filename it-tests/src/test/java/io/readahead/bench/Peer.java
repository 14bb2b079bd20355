package io.readahead.bench;

import io.readahead.it.FileServer;
import io.readahead.kit.CgroupLimits;
import io.readahead.kit.Jdk;
import io.readahead.kit.ServerProcess;
import java.nio.file.Path;

/** A server that is measured. */
interface Peer {

    /** How the table calls it. */
    String name();

    /**
     * Starts it.
     *
     * @param root folder that is served
     * @param limits the group that it is put into, or null
     */
    RunningPeer start(Path root, CgroupLimits limits) throws Exception;

    /**
     * A Java server, with the agent at its defaults or without.
     *
     * @param kind which
     */
    record Java(String name, FileServer kind, Jdk jdk, boolean agent) implements Peer {

        @Override
        public RunningPeer start(Path root, CgroupLimits limits) throws Exception {
            ServerProcess server = process(root, limits);
            return new RunningPeer(server.host(), server.port(), server.pid(), kind, server::stop);
        }

        /** The same, for clients of the tests' own. */
        ServerProcess process(Path root, CgroupLimits limits) throws Exception {
            ServerProcess.Builder builder = kind.builder(jdk, root, agent, "");
            if (limits != null) {
                builder.wrapper(limits.wrapper().toArray(String[]::new));
            }
            return builder.start();
        }
    }
}
