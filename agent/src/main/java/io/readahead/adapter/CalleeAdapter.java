package io.readahead.adapter;

/** One way in which a server has a file read chunk by chunk by an object of its own, in whose place another one may say "later". */
public interface CalleeAdapter extends ChunkAdapter {

    /** Who says "later" to whoever calls in the place of a source. @param receiver the object whose method calls */
    Object later(Object receiver);
}
