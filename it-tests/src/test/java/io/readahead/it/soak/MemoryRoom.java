package io.readahead.it.soak;

import java.io.IOException;
import java.util.List;
import java.util.Random;

/**
 * Memory is small: what a server's cgroup leaves to the page cache is now this, now that, and never enough for the files.
 *
 * <p>Of the limit, the JVM's own memory is left out, or the kernel would end the server.
 */
record MemoryRoom(List<SoakServer> servers) implements Fault {

    private static final int LEAST_MIB = 16;
    private static final int MOST_MIB = 64;
    /** What a JVM may take on top while it loads and compiles an agent's classes. */
    private static final long JVM_SPARE_MIB = 32;

    @Override
    public Pause pause() {
        return new Pause(1000, 4000);
    }

    @Override
    public String inject(Random random) throws Exception {
        SoakServer server = servers.get(random.nextInt(servers.size()));
        long room = LEAST_MIB + random.nextInt(MOST_MIB - LEAST_MIB) + JVM_SPARE_MIB;
        try {
            server.limits().limitMemory((Footprint.anonymousKib(server) << 10) + (room << 20));
            return "memory limited";
        } catch (IOException busy) {
            return "memory limited in vain";    // EBUSY: the kernel could not take so much back at once
        }
    }
}
