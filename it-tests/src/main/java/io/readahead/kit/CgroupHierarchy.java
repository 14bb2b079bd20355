package io.readahead.kit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What differs between the two versions of cgroups: where the folders of one group lie, and which file sets which limit. */
interface CgroupHierarchy {

    /** For people: {@code cgroup v1} or {@code cgroup v2}. */
    String version();

    /** The folders that make up our group; a process is moved by writing its id to {@code cgroup.procs} in each of them. */
    List<Path> directories();

    /** The group of this process, beside each of {@link #directories()}: where processes go back to. */
    List<Path> homes();

    /** True if {@link #throttleRead} will be obeyed. */
    boolean throttles();

    /** True if {@link #limitMemory} will be obeyed. */
    boolean limitsMemory();

    /** Limits the reads from one disk. */
    void throttleRead(BlockDevice disk, long bytesPerSecond) throws IOException;

    /** Limits the number of reads from one disk. */
    void throttleReadOperations(BlockDevice disk, long perSecond) throws IOException;

    /** Takes both limits away. */
    void unthrottleRead(BlockDevice disk) throws IOException;

    /** Limits memory, page cache included. */
    void limitMemory(long bytes) throws IOException;
}
