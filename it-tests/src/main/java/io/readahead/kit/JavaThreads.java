package io.readahead.kit;

import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The kernel's ids of the threads of another JVM, by the names that Java knows them by: the kernel keeps 15 bytes of a name, of which some
 * servers spend all on what their threads have in common.
 *
 * <p>Source: {@code jcmd PID Thread.print}; {@code nid} is hexadecimal before JDK 21, and decimal since.
 */
public final class JavaThreads {

    private static final Pattern THREAD = Pattern.compile("^\"(.*)\" .*\\bnid=(0x[0-9a-f]+|[0-9]+)\\b", Pattern.MULTILINE);

    private JavaThreads() {
    }

    /**
     * The ids of the threads whose whole names match.
     *
     * <p>Errors: IllegalStateException, with what jcmd printed, when there is none.
     *
     * @param jdk any installation; that of the process need not have jcmd
     */
    public static Set<Long> ids(Jdk jdk, long pid, Pattern name) throws IOException, InterruptedException {
        Process jcmd = new ProcessBuilder(jdk.home().resolve("bin/jcmd").toString(), Long.toString(pid), "Thread.print")
                .redirectErrorStream(true).start();
        String printed = new String(jcmd.getInputStream().readAllBytes());
        jcmd.waitFor();
        Set<Long> ids = idsIn(printed, name);
        if (ids.isEmpty()) {
            throw new IllegalStateException("no thread '" + name + "' in process " + pid + ": " + printed);
        }
        return ids;
    }

    static Set<Long> idsIn(String printed, Pattern name) {
        Set<Long> ids = new TreeSet<>();
        for (Matcher thread = THREAD.matcher(printed); thread.find();) {
            if (name.matcher(thread.group(1)).matches()) {
                ids.add(Long.decode(thread.group(2)));
            }
        }
        return ids;
    }
}
