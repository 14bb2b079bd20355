package io.readahead.os;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Brings whole huge pages of a file into the page cache.
 *
 * <p>Only of files on a device: on tmpfs a mapping that is read would fill holes with memory. Where the file system has no pages of that
 * size (ext4 has them from Linux 6.16 on, XFS from 5.18), the kernel reads the same range in small ones. Where the kernel, or who watches
 * over the process, refuses, nobody asks again.
 *
 * <p>Threads: readahead threads only; waits for the disk.
 */
final class HugePages {

    /** Of x86-64, and of aarch64 with pages of 4 KB. */
    static final long BYTES = 2 << 20;

    /** Which first reads a mapping of huge pages as such though it has MADV_RANDOM. */
    private static final int[] FIRST_KERNEL = {5, 18};
    private static final Pattern RELEASE = Pattern.compile("([0-9]{1,4})\\.([0-9]{1,4}).*");

    private final PosixLibrary posix;
    private volatile boolean refused;

    HugePages(PosixLibrary posix) {
        this(posix, System.getProperty("os.version", ""));
    }

    /** @param release of the kernel, as uname(2) says it */
    HugePages(PosixLibrary posix, String release) {
        this.posix = posix;
        Matcher numbers = RELEASE.matcher(release);
        this.refused = !numbers.matches() || isOlder(Integer.parseInt(numbers.group(1)), Integer.parseInt(numbers.group(2)));
    }

    private static boolean isOlder(int major, int minor) {
        return major < FIRST_KERNEL[0] || major == FIRST_KERNEL[0] && minor < FIRST_KERNEL[1];
    }

    /** Whether the files of a file store, by {@link FileFacts#device()}, may be brought so. */
    boolean areOf(long device) {
        return !refused && device >>> Integer.SIZE != 0;
    }

    /**
     * Brings one.
     *
     * @param offset a multiple of {@link #BYTES}
     * @return whether it is there; where not, {@code POSIX_FADV_WILLNEED} and a read find out why
     */
    boolean bring(int fd, long offset) {
        int answer = posix.populate(fd, offset, BYTES);
        if (answer == -Errno.EINVAL || answer == -Errno.ENOSYS || answer == -Errno.EPERM) {
            refused = true;
        }
        return answer == 0;
    }
}
