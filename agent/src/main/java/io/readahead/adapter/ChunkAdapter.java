package io.readahead.adapter;

import java.io.IOException;
import java.nio.channels.FileChannel;

/** One way in which a server reads a file chunk by chunk, and can be told that the next one comes later. */
public interface ChunkAdapter extends ServerAdapter {

    /**
     * What reads the file, once for each object.
     *
     * @param source the object that is asked for chunks; it may hold the one that reads
     * @return null where it is of a class that reads no file as far as anybody knows: its calls are to pass through
     * @throws IOException what the file itself throws; the original call throws it again
     */
    FileChunks open(Object source) throws IOException;

    /** Of a source and what it holds, the one that reads, or that nobody knows. */
    Object readerOf(Object source);

    /**
     * Has a receiver ask again once its event loop has been to its other connections.
     *
     * <p>Threads: the receiver's event loop, or another of its server's; that one runs what is given first.
     *
     * @return false where it would not: it is to go on now
     */
    boolean askAgain(Object receiver, Runnable first);

    @Override
    default FileChannel fileOf(Object source) throws IOException {
        FileChunks chunks = open(source);
        return chunks == null ? null : chunks.file();
    }
}
