package io.readahead.it;

import io.readahead.kit.DiskSleepSampler;
import io.readahead.kit.ServerProcess;
import io.readahead.kit.TestFile;
import java.util.List;

/** A server as {@link KernelGuest} measures it: files on a slow disk, and how they are downloaded. */
interface KernelServer {

    /** Starts it, and has it load what cold and hot downloads need. */
    Running start(boolean agent, String mode) throws Exception;

    /** One that runs. */
    interface Running extends AutoCloseable {

        ServerProcess process();

        /** What {@link #download} asks for. */
        List<TestFile> files();

        /** Watches the threads that must not sleep on the disk. */
        DiskSleepSampler watch() throws Exception;

        /** Downloads all files at a time, and looks at each. */
        void download() throws Exception;

        /** Whether the server itself prints such a line on stderr. */
        boolean printsOnStderr(String line);

        @Override
        void close();
    }
}
