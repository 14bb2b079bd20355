package io.readahead.it.soak;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** The disk of one server becomes slower, or faster. */
record DiskSpeed(List<SoakServer> servers, Path root) implements Fault {

    private static final int SLOWEST_MIB = 16;
    private static final int FASTEST_MIB = 120;

    @Override
    public Pause pause() {
        return new Pause(500, 2500);
    }

    @Override
    public String inject(Random random) throws Exception {
        SoakServer server = servers.get(random.nextInt(servers.size()));
        long mib = SLOWEST_MIB + random.nextInt(FASTEST_MIB - SLOWEST_MIB);
        server.limits().throttleRead(root, mib << 20);
        return "disk throttled";
    }

    @Override
    public void end() throws Exception {
        for (SoakServer server : servers) {
            server.limits().unthrottle(root);
        }
    }
}
