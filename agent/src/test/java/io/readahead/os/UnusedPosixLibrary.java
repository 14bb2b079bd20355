package io.readahead.os;

/** A libc that nobody may call, for tests to override what they mean to be called. */
public class UnusedPosixLibrary implements PosixLibrary {

    private static UnsupportedOperationException unexpected() {
        return new UnsupportedOperationException("this test expects no such call");
    }

    @Override
    public int dup(int fd) {
        throw unexpected();
    }

    @Override
    public int open(String path) {
        throw unexpected();
    }

    @Override
    public int openForWriting(String path) {
        throw unexpected();
    }

    @Override
    public int close(int fd) {
        throw unexpected();
    }

    @Override
    public int posix_fadvise(int fd, long offset, long length, int advice) {
        throw unexpected();
    }

    @Override
    public long sendfile(int outFd, int inFd, long offset, long count) {
        throw unexpected();
    }

    @Override
    public int readableNow(int fd, long offset) {
        throw unexpected();
    }

    @Override
    public long cachedPages(int fd, long offset, long length) {
        throw unexpected();
    }

    @Override
    public int stat(int fd, FileFacts result) {
        throw unexpected();
    }
}
