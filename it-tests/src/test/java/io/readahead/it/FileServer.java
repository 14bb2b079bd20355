package io.readahead.it;

import io.readahead.kit.Jdk;
import io.readahead.kit.Requirement;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import java.nio.file.Path;
import java.util.List;

/** A server of files, as released, and what the tests must know of it. */
public interface FileServer {

    /**
     * The server without the agent, on a port of its own choice, cutting off nobody who waits for a slow disk.
     *
     * @param root folder that is served
     */
    ServerProcess.Builder builder(Jdk jdk, Path root);

    /** What it needs of the machine, besides what its test does. */
    default List<Requirement> requirements() {
        return List.of();
    }

    /** The path of a URL. */
    String pathOf(TestFile file);

    /** How the names of the threads that must never sleep on the disk begin; the kernel keeps 15 bytes of a name. */
    String[] loopThreads();

    /**
     * Whether the first bytes of a file are sent by a worker until the socket is full, and only then by a loop. Such a worker would take
     * a small file that is cold from its first byte all the way, for the socket is never full while the disk is slower than the client.
     */
    default boolean beginsOnWorker() {
        return false;
    }

    /** Whether the head of an answer is sent together with the first bytes of the file, and so waits for the disk like those. */
    default boolean sendsHeadWithFile() {
        return false;
    }

    /**
     * Whether the agent keeps its loops off the disk. Where not, its calls pass through: what the contract asks of parked downloads is
     * not asked then, only right bytes, and that nothing is left.
     */
    default boolean helped() {
        return true;
    }

    /** Whether it notices that a file that it sends has become shorter. */
    default boolean noticesTruncation() {
        return true;
    }

    /**
     * Whether a file that was sent stays mapped until the server's next garbage collection, and no descriptor of it is open. Its pages
     * can't be evicted then.
     */
    default boolean keepsFilesMapped() {
        return false;
    }

    /** Files shorter than this may come from its memory, as they were a few seconds ago; 0 where it opens the file for each answer. */
    default long keptBytes() {
        return 0;
    }

    /**
     * Whether it asks for a file's length once more when the head of the answer is made. An answer fails whose file was changed between the
     * two looks, also where the file grew.
     */
    default boolean looksTwice() {
        return false;
    }

    /** Whether a client that leaves while its download is parked is noticed at once, and its connection closed. */
    default boolean listensWhileParked() {
        return false;
    }

    /** Whether the server itself prints such a line on stderr, with or without the agent. */
    default boolean printsOnStderr(String line) {
        return false;
    }

    /** The same server with the agent at the options given, and its line of counters at the end; or without. */
    default ServerProcess.Builder builder(Jdk jdk, Path root, boolean agent, String agentOptions) {
        ServerProcess.Builder builder = builder(jdk, root);
        return agent ? builder.agent(Artifacts.agentJar(), agentOptions).property("readahead.debug.stats", true) : builder;
    }
}
