package io.readahead.bench;

import io.readahead.kit.BlockDevice;
import io.readahead.kit.CgroupLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Where it was measured, in words.
 *
 * @param kernel its release, and the version of its control groups
 * @param disk device and file system of the data files
 */
record Machine(String cpu, String memory, String kernel, String disk) {

    private static final double KB_PER_GB = 1e6;

    static Machine find(Path data) throws IOException {
        String memory = field("/proc/meminfo", "MemTotal").replaceAll("[^0-9]", "");
        return new Machine(Runtime.getRuntime().availableProcessors() + " x " + field("/proc/cpuinfo", "model name"),
                String.format(Locale.ROOT, "%.1f GB", Long.parseLong(memory) / KB_PER_GB),
                System.getProperty("os.name") + " " + System.getProperty("os.version") + ", " + cgroups(), disk(data));
    }

    /** The version by which the rows limit disk and memory, or why they can't. */
    private static String cgroups() {
        CgroupLimits.Attempt attempt = CgroupLimits.tryCreate("machine");
        attempt.limits().ifPresent(CgroupLimits::close);
        return attempt.reason();
    }

    private static String disk(Path data) throws IOException {
        String type = Files.getFileStore(data).type();
        try {
            BlockDevice device = BlockDevice.wholeDiskOf(data);
            String readAhead = Files.readString(Path.of("/sys/block", device.name(), "queue/read_ahead_kb")).strip();
            return type + " on " + device.name() + ", read_ahead_kb " + readAhead;
        } catch (IOException noDevice) {
            return type;
        }
    }

    private static String field(String file, String name) throws IOException {
        try (var lines = Files.lines(Path.of(file))) {
            return lines.filter(line -> line.startsWith(name)).findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip()).orElse("0");
        }
    }
}
