package io.readahead.os;

/** What {@link PosixLibrary#stat} found of an open file. One thread at a time. */
public final class FileFacts {

    private boolean regular;
    private long sizeBytes;
    private long device;
    private long inode;
    private long stamp;

    /** Takes note of an answer; for implementations of {@link PosixLibrary}. */
    public void set(boolean isRegular, long size, long deviceNumber, long inodeNumber) {
        set(isRegular, size, deviceNumber, inodeNumber, 0);
    }

    /** As {@link #set(boolean, long, long, long)}, with what the times say of the file. */
    public void set(boolean isRegular, long size, long deviceNumber, long inodeNumber, long timeStamp) {
        regular = isRegular;
        sizeBytes = size;
        device = deviceNumber;
        inode = inodeNumber;
        stamp = timeStamp;
    }

    /** As {@link #set(boolean, long, long, long)}, of a file system without inodes. */
    public void set(boolean isRegular, long size, long deviceNumber) {
        set(isRegular, size, deviceNumber, 0);
    }

    /** Knows nothing any more: a size of 0. */
    public void clear() {
        set(false, 0, 0);
    }

    /** Whether it is a regular file; of others nothing can be read ahead. */
    public boolean regular() {
        return regular;
    }

    /** Bytes, as of the question. */
    public long sizeBytes() {
        return sizeBytes;
    }

    /** The number of the file system that holds the file: its file store. */
    public long device() {
        return device;
    }

    /** Whether its file system is on a disk of its own; others (overlay, FUSE, NFS, btrfs) have a number that stands for none. */
    public boolean onBlockDevice() {
        return isBlockDevice(device);
    }

    /** The same of a device's number. */
    public static boolean isBlockDevice(long device) {
        return device >>> Integer.SIZE != 0;
    }

    /** The file's number on its device: two descriptors of one file have the same. */
    public long inode() {
        return inode;
    }

    /**
     * Changes with the file's times, where the kernel has said them without being asked: of two files to which a FUSE daemon gives the
     * same number it is another. 0 on a block device, where the number will do.
     */
    public long stamp() {
        return stamp;
    }
}
