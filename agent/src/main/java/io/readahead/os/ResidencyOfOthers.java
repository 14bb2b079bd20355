package io.readahead.os;

import java.nio.channels.FileChannel;

/**
 * Has everything answered by another one: what a subclass knows better, it answers itself.
 *
 * <p>Each question is handed on, also those that have an answer of their own in {@link Residency}.
 *
 * <p>Threads: those of the other one.
 */
abstract class ResidencyOfOthers implements Residency {

    /** Who is asked. */
    final Residency others;

    ResidencyOfOthers(Residency others) {
        this.others = others;
    }

    @Override
    public long sendablePrefix(int fd, long position, long length, FileFacts facts) {
        return others.sendablePrefix(fd, position, length, facts);
    }

    @Override
    public long readablePrefix(int fd, long position, long length) {
        return others.readablePrefix(fd, position, length);
    }

    @Override
    public long readablePrefix(int fd, long position, long length, FileFacts facts) {
        return others.readablePrefix(fd, position, length, facts);
    }

    @Override
    public long mappedPrefix(Mapping mapping, long offset, long length, boolean goneOver) {
        return others.mappedPrefix(mapping, offset, length, goneOver);
    }

    @Override
    public long kernelReadahead(long device) {
        return others.kernelReadahead(device);
    }

    @Override
    public boolean isOfTheFile(long device) {
        return others.isOfTheFile(device);
    }

    @Override
    public void wasRead(FileFacts facts, long position, long length, boolean inMemory) {
        others.wasRead(facts, position, length, inMemory);
    }

    @Override
    public boolean stands(FileChannel file, long position, long count) {
        return others.stands(file, position, count);
    }

    @Override
    public void cachedToItsEnd(FileChannel file, long position, FileFacts facts, long foundNanos) {
        others.cachedToItsEnd(file, position, facts, foundNanos);
    }

    @Override
    public void wasAbsent(FileChannel file) {
        others.wasAbsent(file);
    }

    @Override
    public void fileSystem(long device, long kind) {
        others.fileSystem(device, kind);
    }
}
