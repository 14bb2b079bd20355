package io.readahead.examples.demo;

import io.readahead.kit.CgroupLimits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes the disk slow and the memory small, for the server alone, as far as this machine and this user let us.
 *
 * <p>Where memory can't be limited, each big file is evicted just before it is fetched again. Not all the time: that would also throw
 * away what somebody, agent or kernel, has read ahead and not sent yet, which no small memory does.
 */
final class SlowMachine {

    private final DataFiles data;
    private final long bytesPerSecond;
    private final long memoryBytes;
    private final boolean throttles;
    private final boolean limitsMemory;
    private final String disk;
    private final String memory;
    private final String hindrance;

    private SlowMachine(DataFiles data, DemoOptions options, boolean throttles, boolean limitsMemory, String by, String hindrance) {
        this.data = data;
        this.bytesPerSecond = options.diskRateMb() * Units.MB;
        this.memoryBytes = options.memoryMb() * Units.MB;
        this.throttles = throttles;
        this.limitsMemory = limitsMemory;
        this.disk = throttles ? options.diskRateMb() + " MB/s, by " + by : "at its own speed";
        this.memory = limitsMemory
                ? options.memoryMb() + " MB with the page cache, by " + by
                : "not limited; each big file is evicted before it is fetched again";
        this.hindrance = hindrance;
    }

    /** Finds out what is possible by trying it, with a group that holds nobody. */
    static SlowMachine find(DataFiles data, DemoOptions options) {
        if (!options.cgroups()) {
            return new SlowMachine(data, options, false, false, "", "--no-cgroups");
        }
        CgroupLimits.Attempt attempt = CgroupLimits.tryCreate("trial");
        if (attempt.limits().isEmpty()) {
            return new SlowMachine(data, options, false, false, "", attempt.reason());
        }
        List<String> hindrances = new ArrayList<>();
        try (CgroupLimits limits = attempt.limits().get()) {
            boolean throttles = works(() -> limits.throttleRead(data.directory(), options.diskRateMb() * Units.MB), hindrances);
            boolean limitsMemory = works(() -> limits.limitMemory(options.memoryMb() * Units.MB), hindrances);
            return new SlowMachine(data, options, throttles, limitsMemory, limits.version(), String.join("; ", hindrances));
        }
    }

    /** A limit to be tried. */
    private interface Limit {
        void set() throws IOException;
    }

    private static boolean works(Limit limit, List<String> hindrances) {
        try {
            limit.set();
            return true;
        } catch (IOException e) {
            hindrances.add(e.getMessage());
            return false;
        }
    }

    /** How the disk was made slow, or that it was not. */
    String disk() {
        return disk;
    }

    /** How the memory was made small, or what is done instead. */
    String memory() {
        return memory;
    }

    /** Why one of the limits is missing; empty if none is. */
    String hindrance() {
        return hindrance;
    }

    boolean throttles() {
        return throttles;
    }

    /** Limits for one server; closing them frees the disk first, so that nothing of the server waits for it when it ends. */
    Limits limits() throws IOException {
        if (!throttles && !limitsMemory) {
            return new Limits(null);
        }
        CgroupLimits.Attempt attempt = CgroupLimits.tryCreate("server");
        CgroupLimits limits = attempt.limits().orElseThrow(() -> new IOException("no second cgroup: " + attempt.reason()));
        try {
            if (throttles) {
                limits.throttleRead(data.directory(), bytesPerSecond);
            }
            if (limitsMemory) {
                limits.limitMemory(memoryBytes);
            }
        } catch (IOException e) {
            limits.close();
            throw e;
        }
        return new Limits(limits);
    }

    /**
     * What has to be done before a big file is fetched. Small memory needs nothing: it lets go of mapped pages as of others.
     *
     * @param server what has the files mapped, if it does
     */
    BackgroundClients.BeforeFetch beforeBigFetch(ExampleServer server) {
        if (limitsMemory) {
            return BackgroundClients.BeforeFetch.NOTHING;
        }
        return (file, alone) -> {
            if (alone && !data.evictBig(file)) {
                server.letGoOfMappings();
                data.evictBig(file);
            }
        };
    }

    /** The limits of one server, or none. */
    final class Limits implements AutoCloseable {

        private final CgroupLimits limits;

        private Limits(CgroupLimits limits) {
            this.limits = limits;
        }

        /** Put before the server's command. */
        List<String> wrapper() {
            return limits == null ? List.of() : limits.wrapper();
        }

        /** Lets the server end quickly: a thread that waits for the disk can't be killed. */
        void release() throws IOException {
            if (limits != null && throttles) {
                limits.unthrottle(data.directory());
            }
        }

        @Override
        public void close() {
            if (limits != null) {
                limits.close();
            }
        }
    }
}
