package io.readahead.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Takes the agent off a server that runs. */
@Command(name = "detach", mixinStandardHelpOptions = true, usageHelpAutoWidth = true,
        description = "Takes the agent off: original bytecode, nothing parked, no thread of ours.")
final class DetachCommand implements Callable<Integer> {

    @ParentCommand
    private ReadaheadCommand parent;

    @Parameters(index = "0", paramLabel = "PID", description = "process id of the JVM")
    private long pid;

    @Option(names = "--jar", paramLabel = "PATH",
            description = "path of any jar of this agent as the server sees it; default: the one that was attached, or else this jar")
    private Path jar;

    @Override
    public Integer call() throws CommandException {
        try (JavaProcess process = JavaProcess.attach(pid)) {
            Map<String, String> status = process.status();
            if (!JavaProcess.isAgentIn(status)) {
                throw new CommandException("process " + pid + " has no agent that could be taken off; its state is "
                        + status.getOrDefault("state", "NONE"));
            }
            String answer = process.load(AgentJar.of(pid, jar == null ? attached(status) : jar), "detach");
            parent.out().println("readahead: " + answer);
            parent.out().flush();
            return 0;
        }
    }

    /** The JVM wants to see some jar; whichever it is, it calls the agent that it has. */
    private Path attached(Map<String, String> status) {
        String itsJar = status.getOrDefault("jar", "");
        return !itsJar.isEmpty() && AgentJar.isFor(pid, Path.of(itsJar)) ? Path.of(itsJar) : parent.jar();
    }
}
