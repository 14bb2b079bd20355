package io.readahead.bench;

import io.readahead.kit.TemporaryMount;
import java.nio.file.Path;
import java.util.List;

/**
 * The fast disk's row on the file systems that most have, and with what most kernels read ahead by themselves.
 *
 * <p>Each is a loop device that reads past the page cache of its image, a file on the disk of all other rows.
 */
final class DisksRow implements Row {

    private static final List<String> TYPES = List.of("ext4", "xfs");
    /** The kernel's default, and what some clouds set. */
    private static final List<Integer> KERNEL_READS_AHEAD_KB = List.of(128, 4096);
    /** Room for the journal, and for what a file system keeps for itself. */
    private static final long IMAGE_BYTES = FastDiskRow.FILES * FastDiskRow.FILE_BYTES * 3 / 2;
    private static final double LEAST_AGAINST_NONE = 1;

    @Override
    public String id() {
        return "cold-disks";
    }

    @Override
    public String title() {
        return "Cold throughput by file system and read_ahead_kb: a loop device at its own speed, 1 GB in 8 files, Netty, one loop";
    }

    @Override
    public void measure(Bench bench, Samples samples) throws Exception {
        Path folder = Bench.data("disks");
        for (String type : bench.quick() ? TYPES.subList(0, 1) : TYPES) {
            Path image = folder.resolve(type + ".image");
            try (TemporaryMount disk = TemporaryMount.disk(type, image, folder.resolve(type), IMAGE_BYTES).pastTheCacheOfItsImage()) {
                for (int kilobytes : bench.quick() ? KERNEL_READS_AHEAD_KB.subList(0, 1) : KERNEL_READS_AHEAD_KB) {
                    FastDiskRow.measure(bench, samples, disk.kernelReadahead(kilobytes).root(), type + ", " + kilobytes + " KB, ",
                            bench.fewPairs(), LEAST_AGAINST_NONE);
                }
            }
        }
    }
}
