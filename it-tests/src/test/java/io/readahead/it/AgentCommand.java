package io.readahead.it;

import io.readahead.kit.Jdk;
import io.readahead.kit.ServerProcess;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code java -jar readahead-agent.jar ...}, as an operator runs it. */
public final class AgentCommand {

    private static final int STATUS_NAME_COLUMNS = 25;

    private AgentCommand() {
    }

    /** Runs a command to its end. */
    static ServerProcess run(Jdk jdk, Object... arguments) throws Exception {
        return ServerProcess.on(jdk).jar(Artifacts.agentJar()).arguments(arguments).run();
    }

    /** Runs a command as another user: root is allowed everything. */
    static ServerProcess runAs(String user, Jdk jdk, Object... arguments) throws Exception {
        return ServerProcess.on(jdk).wrapper("setpriv", "--reuid=" + user, "--regid=nogroup", "--clear-groups").jar(Artifacts.agentJar())
                .arguments(arguments).run();
    }

    /** What {@code status} says, by name. */
    static Map<String, String> status(Jdk jdk, long pid) throws Exception {
        List<String> lines = run(jdk, "status", pid).stdout();
        Map<String, String> status = new TreeMap<>();
        lines.forEach(line -> status.put(line.substring(0, STATUS_NAME_COLUMNS).strip(), line.substring(STATUS_NAME_COLUMNS)));
        return status;
    }

    /** All that a command printed. */
    static String said(ServerProcess command) {
        return String.join("\n", command.stdout()) + String.join("\n", command.stderr());
    }

    /** A figure of a line such as {@code name=value name=value}. */
    public static long figure(String line, String name) {
        return Arrays.stream(line.split(" ")).filter(pair -> pair.startsWith(name + "=")).findFirst()
                .map(pair -> Long.parseLong(pair.substring(name.length() + 1)))
                .orElseThrow(() -> new IllegalStateException("no " + name + " in " + line));
    }
}
