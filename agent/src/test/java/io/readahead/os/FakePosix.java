package io.readahead.os;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntUnaryOperator;

/**
 * A kernel that does what a test says and keeps account of descriptors.
 *
 * <p>Threads: any; the answers are set before.
 */
public class FakePosix implements PosixLibrary {

    /** The device of every file. */
    public static final long DEVICE = 7;

    private static final int FIRST_FD = 1000;
    private static final String WILLNEED = "willneed ";
    private static final int PAGE_BYTES = 4096;

    private final Set<Integer> open = new HashSet<>();
    private final List<String> calls = new ArrayList<>();
    private final List<Long> pieces = new ArrayList<>();
    private long announcedFrom;
    private int nextFd = FIRST_FD;
    private int wrongCloses;

    /** What is sent of a range: given bytes asked for, the bytes sent or a negated errno. */
    public volatile IntUnaryOperator sendfileAnswer = asked -> asked;
    /** What {@link #posix_fadvise} answers. */
    public volatile int fadviseAnswer;
    /** What {@link #mincore} answers, given the first byte and the pages that it is to look at, 256 at most; nothing unless set. */
    public volatile LongIntToInt mincoreAnswer;
    /** What {@link #cachedPages} answers, given the first byte and the pages; nothing unless set. */
    public volatile LongIntToInt cachedAnswer;
    /** Size of the file. */
    public volatile long fileBytes = Long.MAX_VALUE;

    /** Descriptors open now, {@code /dev/null} included. */
    public final synchronized int openNow() {
        return open.size();
    }

    /** Closes of what was not open. */
    public final synchronized int wrongCloses() {
        return wrongCloses;
    }

    /** Calls that a test looks at, in their order. */
    public final synchronized List<String> calls() {
        return List.copyOf(calls);
    }

    protected final synchronized void called(String call) {
        calls.add(call);
    }

    private synchronized int newFd() {
        open.add(nextFd);
        return nextFd++;
    }

    @Override
    public int open(String path) {
        called("open " + path.replaceAll("[0-9]+", "N"));
        return newFd();
    }

    @Override
    public int openForWriting(String path) {
        return newFd();
    }

    @Override
    public synchronized int close(int fd) {
        if (!open.remove(fd)) {
            wrongCloses++;
            return -Errno.EBADF;
        }
        return 0;
    }

    @Override
    public int posix_fadvise(int fd, long offset, long length, int advice) {
        if (advice == POSIX_FADV_WILLNEED) {
            willNeed(offset, length);
        } else {
            called((advice == POSIX_FADV_RANDOM ? "random " : "normal ") + offset + "+" + length);
        }
        return fadviseAnswer;
    }

    /** Advice that goes on where the one before ends is the same call, in pieces. */
    private synchronized void willNeed(long offset, long length) {
        String before = WILLNEED + announcedFrom + "+" + (offset - announcedFrom);
        if (!calls.isEmpty() && calls.get(calls.size() - 1).equals(before)) {
            calls.remove(calls.size() - 1);
        } else {
            announcedFrom = offset;
        }
        called(WILLNEED + announcedFrom + "+" + (offset + length - announcedFrom));
        pieces.add(length);
    }

    /** How much was announced at a time. */
    public synchronized List<Long> pieces() {
        return List.copyOf(pieces);
    }

    /** See {@link #mincoreAnswer}. */
    public interface LongIntToInt {

        int answer(long offset, int pages);
    }

    private static int pages(long offset, long length) {
        return (int) ((offset + length - 1) / PAGE_BYTES - offset / PAGE_BYTES + 1);
    }

    @Override
    public int mincore(int fd, long offset, long length) {
        int pages = pages(offset, length);
        called("mincore " + offset + "+" + pages);
        return mincoreAnswer == null ? -Errno.ENOSYS : mincoreAnswer.answer(offset, Math.min(pages, MINCORE_PAGES));
    }

    @Override
    public long sendfile(int outFd, int inFd, long offset, long count) {
        called("sendfile " + offset + "+" + count);
        return sendfileAnswer.applyAsInt((int) Math.max(0, Math.min(count, fileBytes - offset)));
    }

    @Override
    public int readableNow(int fd, long offset) {
        return -Errno.ENOSYS;
    }

    @Override
    public long cachedPages(int fd, long offset, long length) {
        return cachedAnswer == null ? -Errno.ENOSYS : cachedAnswer.answer(offset, pages(offset, length));
    }

    @Override
    public int stat(int fd, FileFacts result) {
        result.set(true, fileBytes, DEVICE);
        return 0;
    }
}
