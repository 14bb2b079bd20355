package io.readahead.cli;

import io.readahead.start.AgentVersion;
import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * {@code java -jar readahead-agent.jar}: the commands, and what they have in common.
 *
 * <p>Exit codes: 0 done; 1 it can't be done, one line on stderr says why; 2 wrong command line.
 */
@Command(name = "java -jar readahead-agent.jar", versionProvider = ReadaheadCommand.Version.class, mixinStandardHelpOptions = true,
        usageHelpAutoWidth = true, synopsisSubcommandLabel = "COMMAND",
        header = "Keeps a server's event loops from sleeping on the disk in sendfile.",
        // Each line fits into 80 columns: picocli would break it within a word or in front of the first column.
        description = {"", "With a server's start, nothing of this is needed:",
            "  java -javaagent:readahead-agent.jar[=key=value,key=value...] -jar server.jar",
            "On a server that runs, as its own user or as root:"},
        footer = {"", "Options of the agent, for -javaagent and for attach:",
            "  packages=a.b:c.d  packages (with subpackages) or classes whose transferTo",
            "                    calls are woven; * is a wildcard",
            "  mapped=a.b.C      packages or classes that write mapped files to sockets,",
            "                    beside Jetty's",
            "  threads=N         readahead threads for each file store; two for each core,",
            "                    8 to 32",
            "  window=1m         the most that is read ahead of one stream",
            "  budget=SIZE       the most that is read ahead and not yet sent, over all",
            "                    streams; an eighth of the memory",
            "  mode=on           on, observe (change nothing, tell whether it would help),",
            "                    or off",
            "  log=stderr        stderr, off, or the absolute path of a file",
            "  log.level=info    error, warn, info or debug: the least that is written",
            "  strict=false      true: an option that is wrong stops the JVM at its start",
            "-Dreadahead.KEY=VALUE of the server's command line wins over them."},
        subcommands = {AttachCommand.class, DetachCommand.class, StatusCommand.class, TopCommand.class, ListCommand.class})
public final class ReadaheadCommand implements Runnable {

    private static final int FAILED = 1;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    private final Path jar;

    private ReadaheadCommand(Path jar) {
        this.jar = jar;
    }

    /**
     * Runs a command.
     *
     * @param jar the agent's own
     * @return the exit code
     */
    public static int run(Path jar, String[] arguments) {
        ReadaheadCommand command = new ReadaheadCommand(jar);
        CommandLine commandLine = new CommandLine(command)
                .setExecutionExceptionHandler((failure, line, parsed) -> {
                    if (!(failure instanceof CommandException)) {
                        throw failure;
                    }
                    line.getErr().println("readahead: " + failure.getMessage());
                    return FAILED;
                });
        int exitCode = commandLine.execute(arguments);
        if (exitCode == 0 && command.isUnheard()) {
            commandLine.getErr().println("readahead: stdout can't be written to: who read it has ended, it is closed, or its disk is full");
            return FAILED;
        }
        return exitCode;
    }

    /** Without a command: what there is. */
    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    Path jar() {
        return jar;
    }

    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** Whether something that was said could not be written: no stream of these ever throws. */
    boolean isUnheard() {
        return out().checkError() || System.out.checkError();
    }

    /** The version of the jar. */
    static final class Version implements CommandLine.IVersionProvider {

        @Override
        public String[] getVersion() {
            return new String[] {"readahead-agent " + AgentVersion.text()};
        }
    }
}
