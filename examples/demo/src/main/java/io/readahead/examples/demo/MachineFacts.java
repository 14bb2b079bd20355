package io.readahead.examples.demo;

import io.readahead.kit.BlockDevice;
import io.readahead.kit.TaskDelayAccounting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Where and how the figures were measured, in words.
 *
 * @param cpu cores and model
 * @param memory of the whole machine
 * @param kernel name and version
 * @param clientJdk that ran the clients
 * @param serverJdk that ran the server
 * @param disk device and file system of the data files
 * @param diskSpeed how the disk was made slow, or that it was not
 * @param memoryLimit how the memory was made small, or what was done instead
 * @param hindrance why one of the limits is missing; empty if none is
 * @param throttled true if the disk was slow
 * @param delayAccounting true if the kernel kept an account of sleep on the disk
 */
record MachineFacts(String cpu, String memory, String kernel, String clientJdk, String serverJdk, String disk, String diskSpeed,
        String memoryLimit, String hindrance, boolean throttled, boolean delayAccounting) {

    private static final String UNKNOWN = "unknown";

    static MachineFacts find(DemoOptions options, SlowMachine machine, Path data) {
        return new MachineFacts(
                Runtime.getRuntime().availableProcessors() + " x " + field("/proc/cpuinfo", "model name"),
                gigabytes(field("/proc/meminfo", "MemTotal")),
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " " + System.getProperty("os.arch"),
                Runtime.version().toString(),
                options.jdk().toString(),
                disk(data),
                machine.disk(),
                machine.memory(),
                machine.hindrance(),
                machine.throttles(),
                TaskDelayAccounting.available());
    }

    private static String disk(Path data) {
        String type = UNKNOWN;
        try {
            type = Files.getFileStore(data).type();
            return type + " on " + BlockDevice.wholeDiskOf(data);
        } catch (IOException e) {
            return type;
        }
    }

    private static String field(String file, String name) {
        try (var lines = Files.lines(Path.of(file))) {
            return lines.filter(line -> line.startsWith(name)).findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip()).orElse(UNKNOWN);
        } catch (IOException e) {
            return UNKNOWN;
        }
    }

    private static String gigabytes(String kilobytes) {
        String digits = kilobytes.replaceAll("[^0-9]", "");
        return digits.isEmpty() ? UNKNOWN : String.format(Locale.ROOT, "%.1f GB", Long.parseLong(digits) / (double) Units.MB);
    }
}
