package io.readahead.it;

import io.readahead.kit.TestFile;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Where a guest's files are, and what is between them and the slow disk; {@code kernels.sh} mounts it.
 *
 * @param kind ext4, xfs, btrfs, overlay, nfs, or cgroup for ext4 within limits of cgroup v2
 * @param served folder that a server serves
 * @param stored folder in which the same files are written: overlay's lower one, what is exported by NFS, or the same
 */
record KernelPlace(String kind, Path served, Path stored) {

    static final String CGROUP = "cgroup";
    static final String NFS = "nfs";

    /** What the guest's script says by {@code readahead.kernel.kind} and {@code readahead.kernel.stored}; a plain disk where nothing. */
    static KernelPlace of(Path served) {
        return new KernelPlace(System.getProperty("readahead.kernel.kind", ""), served,
                Path.of(System.getProperty("readahead.kernel.stored", served.toString())));
    }

    /** Of NFS the client has pages of its own beside the server's. On overlay a file that is opened for writing would be copied up. */
    boolean keepsCopies() {
        return kind.equals(NFS);
    }

    /** The file as it is served. */
    TestFile served(TestFile stored) {
        return new TestFile(served.resolve(stored.path().getFileName()), stored.seed(), stored.size());
    }

    void evict(TestFile file) throws IOException {
        file.evict();
        if (keepsCopies()) {
            served(file).evict();
        }
    }
}
