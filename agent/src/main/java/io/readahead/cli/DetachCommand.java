package io.readahead.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
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

    @Override
    public Integer call() throws CommandException {
        try (JavaProcess process = JavaProcess.attach(pid)) {
            Map<String, String> status = process.status();
            if (!JavaProcess.isAgentIn(status)) {
                throw new CommandException("process " + pid + " has no agent that could be taken off; its state is "
                        + status.getOrDefault("state", "NONE"));
            }
            String itsJar = status.getOrDefault("jar", "");
            process.load(itsJar.isEmpty() ? parent.jar() : Path.of(itsJar), "detach");
            parent.out().println("readahead: " + process.status().get("answer"));
            parent.out().flush();
            return 0;
        }
    }
}
