package io.readahead.bench;

import io.readahead.it.FileServer;
import io.readahead.kit.CgroupLimits;
import io.readahead.kit.Jdk;
import io.readahead.kit.ServerProcess;
import java.nio.file.Path;
import java.util.List;

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
     * @param wrapper a command that is to exec the server's; empty for none
     */
    record Java(String name, FileServer kind, Jdk jdk, boolean agent, List<String> wrapper) implements Peer {

        Java(String name, FileServer kind, Jdk jdk, boolean agent) {
            this(name, kind, jdk, agent, List.of());
        }

        /** The same subject, started by a command that is to exec what follows it. */
        Java behind(String... command) {
            return new Java(name, kind, jdk, agent, List.of(command));
        }

        /** The same server, called otherwise: for who measures it beside itself. */
        Java named(String otherName) {
            return new Java(otherName, kind, jdk, agent, wrapper);
        }

        @Override
        public RunningPeer start(Path root, CgroupLimits limits) throws Exception {
            ServerProcess.Builder builder = kind.builder(jdk, root, agent, "");
            if (limits != null) {
                builder.wrapper(limits.wrapper().toArray(String[]::new));
            }
            ServerProcess server = builder.wrapper(wrapper.toArray(String[]::new)).start();
            return new RunningPeer(server.host(), server.port(), server.pid(), kind, server.certificate(), server::stop);
        }
    }
}
