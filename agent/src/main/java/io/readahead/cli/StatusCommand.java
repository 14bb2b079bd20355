package io.readahead.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Says what the agent in a server has done so far. */
@Command(name = "status", mixinStandardHelpOptions = true, usageHelpAutoWidth = true,
        description = "Says what the agent in a JVM has done so far; loads no code into it.")
final class StatusCommand implements Callable<Integer> {

    private static final int NAME_COLUMNS = 24;

    /** Several lines for people, shown below the figures. */
    private static final String REPORT = "report";

    @ParentCommand
    private ReadaheadCommand parent;

    @Parameters(index = "0", paramLabel = "PID", description = "process id of the JVM")
    private long pid;

    @Option(names = "--json", description = "one JSON object, for scripts")
    private boolean json;

    @Override
    public Integer call() throws CommandException {
        Map<String, String> status = new LinkedHashMap<>();
        status.put("pid", Long.toString(pid));
        status.put("state", "NONE");
        try (JavaProcess process = JavaProcess.attach(pid)) {
            status.putAll(process.status());
        }
        if (json) {
            parent.out().println(StatusJson.of(status));
        } else {
            String report = status.remove(REPORT);
            status.forEach((name, value) -> parent.out().printf("%-" + NAME_COLUMNS + "s %s%n", name, value));
            if (report != null) {
                parent.out().println(System.lineSeparator() + report);
            }
        }
        parent.out().flush();
        return 0;
    }
}
