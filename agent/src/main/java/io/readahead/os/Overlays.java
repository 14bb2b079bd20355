package io.readahead.os;

/**
 * The devices that readahead threads have found to be overlayfs.
 *
 * <p>A number that the kernel gives to another file system later is taken out when a readahead thread comes to that one. Of more than
 * {@value #MOST} the rest is not known, and is treated as any other file system.
 * <p>Threads: any; who asks takes no lock.
 */
final class Overlays {

    private static final int MOST = 64;

    private volatile long[] devices = {};

    boolean contains(long device) {
        for (long each : devices) {
            if (each == device) {
                return true;
            }
        }
        return false;
    }

    /** Takes note of what a device is. */
    void note(long device, boolean overlay) {
        if (overlay != contains(device)) {
            change(device, overlay);
        }
    }

    private synchronized void change(long device, boolean overlay) {
        long[] before = devices;
        if (overlay == contains(device) || overlay && before.length == MOST) {
            return;
        }
        long[] after = new long[before.length + (overlay ? 1 : -1)];
        int kept = 0;
        for (long each : before) {
            if (each != device) {
                after[kept++] = each;
            }
        }
        if (overlay) {
            after[kept] = device;
        }
        devices = after;
    }
}
