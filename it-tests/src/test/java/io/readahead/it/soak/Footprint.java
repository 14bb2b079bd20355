package io.readahead.it.soak;

import io.readahead.it.Artifacts;
import io.readahead.kit.ProcessCounts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a server holds when nobody asks it for anything and the agent is off.
 *
 * @param descriptors open ones
 * @param threads all but those of the server's own pools, which grow with the clients and shrink by their own clocks
 * @param agentThreads those that are the agent's
 * @param agentObjects objects of the agent's, of all agents that there ever were
 * @param agentCopies how many agents' classes are still loaded
 * @param heapKib used after a collection
 * @param agentCodeKib compiled code of the agents' methods
 * @param nativeKib committed by the JVM, by its own account, without the heap, what its compilers work with at this moment, their code,
 *        and what is free of the metaspace: a JVM doesn't give that back (chunks below 64 KB and blocks of classes that were woven again),
 *        and takes from it first; how much it is follows how many agents' classes there were at a time before a collection unloaded them.
 *        The code has a limit of its own; it is the JDK's and the server's, compiled anew each time that a class changes, and of the
 *        agents' see before
 * @param anonymousKib memory that is no file's, by the kernel's account, without the same parts; the heap is there from the start
 */
record Footprint(int descriptors, int threads, long agentThreads, long agentObjects, long agentCopies, long agentCodeKib, long heapKib,
                 long nativeKib, long anonymousKib) {

    private static final List<String> COMMANDS = List.of("GC.run", "GC.run", "System.trim_native_heap", "GC.heap_info",
            "VM.native_memory summary", "VM.metaspace scale=K", "Compiler.codelist", "VM.class_hierarchy", "GC.class_histogram");
    /** A line of GC.class_histogram: number, instances, bytes, class. */
    private static final Pattern OBJECTS = Pattern.compile(
            "\\d+:\\s+(\\d+)\\s+\\d+\\s+io\\.readahead\\.(transfer|warmup|start)\\.[A-Z][A-Za-z]+( .*)?");
    private static final String ONE_OF_EACH_COPY = "io.readahead.transfer.Transfers/";
    private static final Pattern USED = Pattern.compile("used (\\d+)K");
    private static final Pattern TOTAL = Pattern.compile("Total: reserved=\\d+KB, committed=(\\d+)KB");
    /** A line of Compiler.codelist: number, level, state, method, where its code lies, where the instructions begin, and the end. */
    private static final Pattern CODE = Pattern.compile(
            "\\d+ \\d+ -?\\d+ (\\S+)\\.[^. ]+\\(\\S* \\[0x(\\p{XDigit}+), 0x\\p{XDigit}+ - 0x(\\p{XDigit}+)]");
    /** What rides in its jar included: no server of the soak has these of its own. */
    private static final Pattern AGENTS_CLASS = Pattern.compile(
            "io\\.readahead\\.(?!examples\\.|it\\.).*|net\\.bytebuddy\\..*|com\\.sun\\.jna\\..*");
    private static final int KIB = 1024;
    private static final int HEX = 16;
    private static final Pattern ANY_CLASS = Pattern.compile(".*");
    /** Of VM.metaspace: what loaders use, blocks among it that are free again, and what is committed, of all spaces. */
    private static final Pattern METASPACE_USED = Pattern.compile(
            "Both: +\\d+ chunks?, .* committed, +([0-9.]+) KB \\([^)]*\\) used, .* deallocated: \\d+ blocks? with ([0-9.]+) KB");
    private static final Pattern METASPACE_COMMITTED = Pattern.compile("Both: +[0-9.]+ KB reserved, +([0-9.]+) KB");
    private static final Pattern ANONYMOUS = Pattern.compile("RssAnon:\\s+(\\d+) kB");
    private static final List<String> SERVERS_POOLS = List.of("http-ni", "https-jsse", "jetty", "netty", "qtp", "Catalina");
    /** The JVM's own, which come and go with the work there is. */
    private static final List<String> JVMS_POOLS = List.of("C1 Comp", "C2 Comp", "G1 ", "GC Thread", "Attach", "process reaper");

    /**
     * Has the JVM collect its garbage and the C library give back what is free, and measures.
     *
     * @param last takes one with which nothing more needs to be waited for: what the JVM says of its memory is printed then, so that a
     *     complaint shows what has grown
     */
    static Footprint of(SoakServer server, Predicate<Footprint> last) throws Exception {
        String said = jcmd(server, COMMANDS);
        Footprint footprint = of(server, said);
        if (last.test(footprint)) {
            System.out.println("soak: " + server + " holds " + said.lines().filter(line -> line.startsWith("-") || line.contains("Total:"))
                    .map(line -> line.replaceAll("reserved=\\d+KB, ", "").replaceAll("[- ]+", " ").strip())
                    .collect(Collectors.joining("; ")) + "; compiled methods of " + codeKib(said, ANY_CLASS) + "KB");
        }
        return footprint;
    }

    private static Footprint of(SoakServer server, String said) throws IOException {
        long pid = server.process().pid();
        Map<String, Integer> threads = ProcessCounts.threads(pid);
        // The compilers' arenas: 20 MB at one moment and 1 MB a minute later, of the same idle server.
        long passingKib = committed("Arena Chunk", said) + committed("Compiler", said) + committed("Code", said) + freeMetaspaceKib(said);
        return new Footprint(ProcessCounts.descriptors(pid).size(),
                threads.entrySet().stream().filter(thread -> !startsWithAny(thread.getKey())).mapToInt(Map.Entry::getValue).sum(),
                threads.keySet().stream().filter(thread -> thread.startsWith("readahead")).count(),
                said.lines().map(line -> OBJECTS.matcher(line.strip())).filter(Matcher::matches)
                        .mapToLong(line -> Long.parseLong(line.group(1))).sum(),
                said.lines().filter(line -> line.contains(ONE_OF_EACH_COPY)).count(), codeKib(said, AGENTS_CLASS),
                number(USED, said), number(TOTAL, said) - committed("Java Heap", said) - passingKib,
                anonymousKib(server) - passingKib);
    }

    /** KiB of one kind, by VM.native_memory. */
    private static long committed(String kind, String said) {
        return number(Pattern.compile(kind + " \\(reserved=\\d+KB, committed=(\\d+)KB"), said);
    }

    /** Compiled code of the methods of some classes. */
    static long codeKib(String said, Pattern classes) {
        return said.lines().map(line -> CODE.matcher(line.strip())).filter(Matcher::matches)
                .filter(line -> classes.matcher(line.group(1)).matches())
                .mapToLong(line -> Long.parseLong(line.group(3), HEX) - Long.parseLong(line.group(2), HEX)).sum() / KIB;
    }

    /** What is committed of the metaspace, and not used by a class. */
    static long freeMetaspaceKib(String said) {
        Matcher used = METASPACE_USED.matcher(said);
        Matcher committed = METASPACE_COMMITTED.matcher(said);
        if (!used.find() || !committed.find()) {
            throw new IllegalStateException("nothing of the metaspace in " + said);
        }
        return Math.round(Double.parseDouble(committed.group(1)) - Double.parseDouble(used.group(1)) + Double.parseDouble(used.group(2)));
    }

    /** Memory of the process that is no file's. */
    static long anonymousKib(SoakServer server) throws IOException {
        return number(ANONYMOUS, Files.readString(Path.of("/proc/" + server.process().pid() + "/status")));
    }

    private static boolean startsWithAny(String thread) {
        return SERVERS_POOLS.stream().anyMatch(thread::startsWith) || JVMS_POOLS.stream().anyMatch(thread::startsWith);
    }

    /** Leaves the heap in a file, for whoever looks for what holds what is left. */
    static Path dumpHeap(SoakServer server) throws IOException, InterruptedException {
        Path file = Artifacts.workDir().resolveSibling("soak-" + server + "-" + server.process().pid() + ".hprof").toAbsolutePath();
        jcmd(server, List.of("GC.heap_dump " + file));
        return file;
    }

    /** All commands in one run, for starting jcmd takes longer than they do. */
    private static String jcmd(SoakServer server, List<String> commands) throws IOException, InterruptedException {
        Path script = Files.write(Files.createTempFile("soak", ".jcmd"), commands);
        try {
            Process process = new ProcessBuilder(server.jdk().java().resolveSibling("jcmd").toString(),
                    Long.toString(server.process().pid()), "-f", script.toString()).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return output;
        } finally {
            Files.delete(script);
        }
    }

    private static long number(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException("no " + pattern + " in " + text);
        }
        return Long.parseLong(matcher.group(1));
    }
}
