package io.readahead.cli;

import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** A live view of the agent in a server. */
@Command(name = "top", mixinStandardHelpOptions = true, usageHelpAutoWidth = true,
        description = "Shows what the agent in a JVM does, each second; ends with Ctrl-C or the JVM.")
final class TopCommand implements Callable<Integer> {

    /** ECMA-48: cursor home, erase to the end of the screen. */
    private static final String HOME = "\u001b[H";
    private static final String CLEAR_BELOW = "\u001b[J";
    private static final String CLEAR_SCREEN = "\u001b[2J";

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @ParentCommand
    private ReadaheadCommand parent;

    @Parameters(index = "0", paramLabel = "PID", description = "process id of the JVM")
    private long pid;

    @Option(names = "--batch", description = "plain lines instead of a screen, for a file or a pipe")
    private boolean batch;

    @Option(names = "--count", paramLabel = "N", defaultValue = "2147483647", description = "ends after N views")
    private int count;

    @Option(names = "--interval", paramLabel = "SECONDS", defaultValue = "1", description = "1 or more; default ${DEFAULT-VALUE}")
    private int intervalSeconds;

    @Override
    public Integer call() throws CommandException, InterruptedException {
        if (intervalSeconds < 1 || count < 1) {
            throw new CommandLine.ParameterException(spec.commandLine(),
                    "--interval=" + intervalSeconds + " --count=" + count + ": allowed is 1 or more");
        }
        PrintWriter out = parent.out();
        try (JavaProcess process = JavaProcess.attach(pid)) {
            Map<String, String> before = active(process);
            out.print(batch ? TopView.batchHeader() + System.lineSeparator() : CLEAR_SCREEN);
            for (int view = 0; view < count; view++) {
                TimeUnit.SECONDS.sleep(intervalSeconds);
                Map<String, String> now = active(process);
                TopView figures = new TopView(pid, before, now);
                out.print(batch ? figures.batchLine() + System.lineSeparator() : HOME + figures.screen() + CLEAR_BELOW);
                if (parent.isUnheard()) {
                    break;    // nobody reads any longer, as behind "| head"
                }
                before = now;
            }
        }
        return 0;
    }

    private Map<String, String> active(JavaProcess process) throws CommandException {
        Map<String, String> status = process.status();
        if (!JavaProcess.isAgentIn(status)) {
            throw new CommandException("process " + pid + " has no agent to look at; its state is "
                    + status.getOrDefault("state", "NONE") + ". 'attach " + pid + "' starts one");
        }
        return status;
    }
}
