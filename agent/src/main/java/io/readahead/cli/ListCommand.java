package io.readahead.cli;

import com.sun.tools.attach.VirtualMachine;
import com.sun.tools.attach.VirtualMachineDescriptor;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** Lists the JVMs that could be attached to, and which of them call transferTo. */
@Command(name = "list", mixinStandardHelpOptions = true, usageHelpAutoWidth = true,
        description = "Lists the JVMs that could be attached to, and the jars and class folders of theirs that call transferTo.")
final class ListCommand implements Callable<Integer> {

    private static final int NAME_COLUMNS = 40;

    @ParentCommand
    private ReadaheadCommand parent;

    @Override
    public Integer call() throws CommandException {
        JavaProcess.requireLinux();
        List<VirtualMachineDescriptor> machines = VirtualMachine.list();
        parent.out().printf("%-8s %-10s %-" + NAME_COLUMNS + "s %s%n", "PID", "AGENT", "MAIN", "CALLS transferTo IN");
        for (VirtualMachineDescriptor machine : machines) {
            long pid = Long.parseLong(machine.id());
            if (pid != ProcessHandle.current().pid()) {
                String main = machine.displayName().isBlank() ? JavaProcess.commandLine(Path.of("/proc/" + pid)) : machine.displayName();
                parent.out().printf("%-8d %-10s %-" + NAME_COLUMNS + "s %s%n", pid, state(pid),
                        plain(main.length() > NAME_COLUMNS ? main.substring(0, NAME_COLUMNS) : main),
                        plain(String.join(", ", OpenJars.callers(pid))));
            }
        }
        parent.out().flush();
        return 0;
    }

    /** Names are the servers' own, and this is a terminal. */
    private static String plain(String name) {
        return name.replaceAll("\\p{Cntrl}", "?");
    }

    private static String state(long pid) {
        try (JavaProcess process = JavaProcess.attach(pid)) {
            return process.status().getOrDefault("state", "none");
        } catch (CommandException e) {
            return "refused";
        }
    }
}
