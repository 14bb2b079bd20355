package io.readahead.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/** Starts the agent in a server that runs, or changes the options of the one that is there. */
@Command(name = "attach", mixinStandardHelpOptions = true, usageHelpAutoWidth = true,
        description = "Starts the agent in a JVM that runs; where it runs already, with these options from now on.")
final class AttachCommand implements Callable<Integer> {

    @ParentCommand
    private ReadaheadCommand parent;

    @Parameters(index = "0", paramLabel = "PID", description = "process id of the JVM")
    private long pid;

    @Parameters(index = "1", paramLabel = "OPTIONS", arity = "0..1", defaultValue = "", description = "key=value,key=value...")
    private String options;

    @Option(names = "--jar", paramLabel = "PATH",
            description = "path of the agent's jar as the server sees it, in a container for example; default: this jar")
    private Path jar;

    @Override
    public Integer call() throws CommandException {
        try (JavaProcess process = JavaProcess.attach(pid)) {
            AgentJar itsJar = AgentJar.of(pid, jar == null ? parent.jar() : jar);
            String answer = process.load(itsJar, itsJar.asOption() + (options.isEmpty() ? "" : "," + options));
            parent.out().println("readahead: " + answer);
            parent.out().flush();
            return answer.contains(" ACTIVE ") || answer.contains(" OBSERVING ") || answer.contains(" OFF ") ? 0 : 1;
        }
    }
}
