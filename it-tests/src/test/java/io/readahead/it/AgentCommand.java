package io.readahead.it;

import com.sun.tools.attach.VirtualMachine;
import io.readahead.kit.Await;
import io.readahead.kit.Jdk;
import io.readahead.kit.ServerProcess;
import java.io.IOException;
import java.io.StringReader;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;

/** {@code java -jar readahead-agent.jar ...}, as an operator runs it. */
public final class AgentCommand {

    private static final int STATUS_NAME_COLUMNS = 25;
    private static final String PROPERTY_PREFIX = "readahead.";

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
        // A report for people may follow, after an empty line.
        lines.stream().takeWhile(line -> !line.isBlank())
                .forEach(line -> status.put(line.substring(0, STATUS_NAME_COLUMNS).strip(), line.substring(STATUS_NAME_COLUMNS)));
        return status;
    }

    /**
     * What {@code status} reads, of everything up to now; the agent publishes once a second.
     *
     * <p>By the attach mechanism alone, without a JVM for each look.
     */
    static Map<String, String> freshStatus(long pid) throws Exception {
        VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
        try {
            AtomicReference<String> stale = new AtomicReference<>();
            AtomicReference<Map<String, String>> fresh = new AtomicReference<>();
            Await.until("the agent publishes its figures", () -> {
                fresh.set(published(machine));
                String moment = fresh.get().get("uptimeMillis");
                // The first ones it publishes when it has just started, before the watchdog has been around.
                return !Objects.equals(moment, stale.get()) && stale.getAndSet(moment) != null;
            }, fresh::get);
            return fresh.get();
        } finally {
            machine.detach();
        }
    }

    /** How often calls were parked, up to now. */
    static long parks(long pid) throws Exception {
        return Long.parseLong(freshStatus(pid).get("parks"));
    }

    /** The agent's figures by name as of the last second, in the same way. */
    static Map<String, String> published(long pid) throws Exception {
        VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
        try {
            return published(machine);
        } finally {
            machine.detach();
        }
    }

    /** What the agent in a JVM that is attached to says of itself, by name; empty where there never was one. */
    public static Map<String, String> published(VirtualMachine machine) throws IOException {
        Map<String, String> told = new TreeMap<>();
        machine.getAgentProperties().forEach((name, value) -> {
            if (name.toString().startsWith(PROPERTY_PREFIX)) {
                told.put(name.toString().substring(PROPERTY_PREFIX.length()), value.toString());
            }
        });
        Properties figures = new Properties();
        figures.load(new StringReader(Objects.requireNonNullElse(told.remove("figures"), "")));
        figures.forEach((name, value) -> told.put(name.toString(), value.toString()));
        return told;
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
