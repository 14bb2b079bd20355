package io.readahead.it.soak;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import io.readahead.it.AgentCommand;
import io.readahead.it.Artifacts;
import io.readahead.it.FileServer;
import io.readahead.it.JettyExample;
import io.readahead.it.NettyServer;
import io.readahead.it.StockJetty;
import io.readahead.it.TomcatServer;
import io.readahead.kit.CgroupLimits;
import io.readahead.kit.Jdk;
import io.readahead.kit.ServerProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * One unmodified server in a JVM and a cgroup of its own, without the privileges by which root passes over permissions.
 *
 * <p>It is root's process, so that it can read the build's jars wherever they are, but it has to ask like anybody else: a file whose
 * permissions are taken away can't be opened, and of a file of another user cachestat(2) says nothing.
 * <p>Threads: any; attaching one at a time.
 */
final class SoakServer implements AutoCloseable {

    /** A heap that is there from the start, so that what grows in the process is not the heap. */
    private static final String[] JVM = {"-Xms64m", "-Xmx64m", "-XX:+AlwaysPreTouch", "-XX:+UseG1GC", "-XX:NativeMemoryTracking=summary",
        "-XX:SoftRefLRUPolicyMSPerMB=0"};
    private static final String[] LIKE_ANYBODY = {"setpriv", "--bounding-set=-dac_override,-dac_read_search,-fowner",
        "--inh-caps=-dac_override,-dac_read_search,-fowner"};

    private final String name;
    private final List<FileServer> kinds;
    private final SoakFiles files;
    private final CgroupLimits limits;
    private final ServerProcess process;
    private final Jdk jdk;

    private SoakServer(String name, List<FileServer> kinds, SoakFiles files, CgroupLimits limits, ServerProcess process, Jdk jdk) {
        this.name = name;
        this.kinds = kinds;
        this.files = files;
        this.limits = limits;
        this.process = process;
        this.jdk = jdk;
    }

    /** What is soaked: of each server the ways to ask it for a file, the first of which starts it. */
    private static List<List<FileServer>> kinds() {
        return List.of(
                List.of(new NettyServer("4.2", "nio", "/files/"), new NettyServer("4.2", "nio", "/framed/")),
                List.of(new NettyServer("4.2", "epoll", "/files/"), new NettyServer("4.2", "epoll", "/framed/")),
                List.of(NettyServer.secured("4.2", "nio")),
                List.of(TomcatServer.TOMCAT_11),
                List.of(TomcatServer.TOMCAT_11.secured()),
                List.of(JettyExample.EVENT_LOOP, JettyExample.BLOCKING),
                List.of(StockJetty.COPIED),
                List.of(StockJetty.MAPPED));
    }

    /** Starts all of them, every other one with the agent from the start; without it, none. */
    static List<SoakServer> startAll(Jdk jdk, SoakFolders folders, boolean agent) throws Exception {
        List<SoakServer> servers = new ArrayList<>();
        try {
            for (List<FileServer> kinds : kinds()) {
                servers.add(start(jdk, kinds, folders.of(kinds.get(0)), agent && servers.size() % 2 == 0));
            }
            return servers;
        } catch (Throwable failure) {
            servers.forEach(SoakServer::close);
            throw failure;
        }
    }

    private static SoakServer start(Jdk jdk, List<FileServer> kinds, SoakFiles files, boolean agent) throws Exception {
        String name = nameOf(kinds.get(0));
        CgroupLimits limits = CgroupLimits.tryCreate("soak-" + name).limits().orElseThrow();
        try {
            List<String> wrapper = new ArrayList<>(limits.wrapper());
            wrapper.addAll(Arrays.asList(LIKE_ANYBODY));
            ServerProcess.Builder builder = kinds.get(0).builder(jdk, files.root()).jvm(JVM).wrapper(wrapper.toArray(String[]::new));
            if (agent) {
                builder.agent(Artifacts.agentJar(), "");
            }
            return new SoakServer(name, kinds, files, limits, builder.start(), jdk);
        } catch (Throwable failure) {
            limits.close();
            throw failure;
        }
    }

    private static String nameOf(FileServer kind) {
        if (kind instanceof NettyServer netty) {
            return "netty-" + netty.transport() + (netty.tlsEngine().isEmpty() ? "" : "-tls");
        }
        return kind instanceof JettyExample ? "jetty" : kind.toString().toLowerCase(Locale.ROOT).replace(' ', '-');
    }

    String name() {
        return name;
    }

    String host() {
        return process.host();
    }

    int port() {
        return process.port();
    }

    ServerProcess process() {
        return process;
    }

    CgroupLimits limits() {
        return limits;
    }

    Jdk jdk() {
        return jdk;
    }

    /** What it is asked for. */
    SoakFiles files() {
        return files;
    }

    /** One of the ways to ask it for a file. */
    FileServer anyKind(Random random) {
        return kinds.get(random.nextInt(kinds.size()));
    }

    /** Attaches with these options, whether or not the agent is there already. @return what it answered */
    String attach(String options) throws Exception {
        return load(options);
    }

    /** Takes the agent off. @return its answer: the counters, or where there was none the answer to the detach before */
    String detach() throws Exception {
        return load("detach");
    }

    private synchronized String load(String arguments) throws Exception {
        VirtualMachine machine = open();
        try {
            machine.loadAgent(Artifacts.agentJar().toString(), arguments);
            return machine.getAgentProperties().getProperty("readahead.answer", "");
        } finally {
            machine.detach();
        }
    }

    /** What the agent says of itself at this moment, by name; empty where there is none. */
    synchronized Map<String, String> status() throws Exception {
        VirtualMachine machine = open();
        try {
            return AgentCommand.published(machine);
        } finally {
            machine.detach();
        }
    }

    /** A JVM without a moment to spare may miss the time that the attach mechanism gives it: then once more. */
    private VirtualMachine open() throws IOException, AttachNotSupportedException {
        try {
            return VirtualMachine.attach(Long.toString(process.pid()));
        } catch (AttachNotSupportedException busy) {
            return VirtualMachine.attach(Long.toString(process.pid()));
        }
    }

    @Override
    public void close() {
        process.close();
        limits.close();
    }

    @Override
    public String toString() {
        return name;
    }
}
