package io.readahead.warmup;

import io.readahead.os.Mapping;

/**
 * A file that the server has mapped, as readahead reads it: where it is in memory.
 *
 * <p>It stays mapped for as long as anybody reads by this: it holds the server's buffer.
 *
 * <p>Threads: any.
 */
public final class SourceMapping implements Source {

    private final Mapping mapping;
    private final long device;
    private volatile boolean released;

    public SourceMapping(Mapping mapping) {
        this.mapping = mapping;
        this.device = mapping.device();
    }

    Mapping mapping() {
        return mapping;
    }

    @Override
    public long device() {
        return device;
    }

    @Override
    public boolean isWanted() {
        return !released;
    }

    @Override
    public void release() {
        released = true;
    }
}
