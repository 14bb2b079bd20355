package io.readahead.os;

/** What {@link PosixLibrary#stat} found of an open file. One thread at a time. */
public final class FileFacts {

    private boolean regular;
    private long sizeBytes;
    private long device;
    private long inode;

    /** Takes note of an answer; for implementations of {@link PosixLibrary}. */
    public void set(boolean isRegular, long size, long deviceNumber, long inodeNumber) {
        regular = isRegular;
        sizeBytes = size;
        device = deviceNumber;
        inode = inodeNumber;
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

    /** Whether a block device is below: not of FUSE and network file systems; nor is it said of overlay, btrfs and tmpfs. */
    public boolean onBlockDevice() {
        return device >>> Integer.SIZE != 0;
    }

    /** The file's number on its device: two descriptors of one file have the same. */
    public long inode() {
        return inode;
    }
}
