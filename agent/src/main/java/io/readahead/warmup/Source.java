package io.readahead.warmup;

/** What is read ahead: a file of the server, by its channel or where it is mapped. Threads: any. */
public sealed interface Source permits SourceFile, SourceMapping {

    /** Of its file store, as {@link io.readahead.os.FileFacts#device()} says it. */
    long device();

    /** Whether somebody may still want it read. */
    boolean isWanted();

    /** Says that nobody wants it any more; a read that is under way ends when the disk answers. */
    void release();
}
