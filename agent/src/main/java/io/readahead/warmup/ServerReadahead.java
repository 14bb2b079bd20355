package io.readahead.warmup;

import io.readahead.os.PosixLibrary;
import java.nio.channels.FileChannel;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The kernel's own readahead on descriptions of the server's, switched off while a window is read by one of them, and for longer where
 * the server reads bits of a file that it also sends.
 *
 * <p>Problem: Kafka's request handlers read the head of a batch before the network thread sends what follows. The kernel takes that for
 * the beginning of a sequential read and marks a page; whoever comes to the mark starts to read {@code read_ahead_kb} more and marks a
 * page of that, and so on to the end of the file: reads that nobody has asked for, before those that somebody waits for. Choice:
 * {@code POSIX_FADV_RANDOM} on the server's description, from the first such window of a stream on until its file is released (its end
 * was sent, the stream is idle, or gone), so that the server's small reads bring what they ask for and mark nothing. Cost: a server that
 * reads the same description from end to end by itself meanwhile (Kafka's log cleaner) does so without readahead, a buffer at a time.
 *
 * <p>Under memory pressure a page that came may be gone before the readahead thread looks: with the kernel's readahead on, that look
 * would bring {@code read_ahead_kb} which nobody asked for, and push out more (MemoryPressureIT: 1.25 bytes from the disk for each that is
 * sent, 1.00 with it off).
 *
 * <p>Several streams may read one description: the last of them switches it on again; and it is on while a window of any of them is read
 * in order, for which it is needed. Advice is given outside the monitor, for a layered file system may open a file for it; who has given it
 * looks whether it is still the right one, so the last who does leaves it right.
 *
 * <p>Bounded by the streams, each of which releases its file. Threads: any.
 * <p>Source: Linux 6.18, page_cache_sync_ra() and page_cache_async_ra() in mm/readahead.c; generic_fadvise() in mm/fadvise.c.
 */
final class ServerReadahead {

    /** What is wanted of one description. */
    private static final class Wishes {

        private final Set<SourceFile> off = new HashSet<>();
        private int announced;
        private int inOrder;

        boolean isOff() {
            return inOrder == 0 && (announced > 0 || !off.isEmpty());
        }

        boolean isNone() {
            return inOrder == 0 && announced == 0 && off.isEmpty();
        }
    }

    private final PosixLibrary posix;
    /** Under this object's monitor. */
    private final Map<FileChannel, Wishes> descriptions = new HashMap<>();
    private volatile boolean stopped;

    ServerReadahead(PosixLibrary posix) {
        this.posix = posix;
    }

    /** Switches it off on the file's description until {@link #switchOn} for the same file. */
    void switchOff(SourceFile file) {
        if (stopped || !file.isWanted()) {
            return;
        }
        change(file, wishes -> wishes.off.add(file));
        if (stopped || !file.isWanted()) {
            switchOn(file);    // whoever stopped, or released it, may have looked before it was among the wishes
        }
    }

    /** Switches it on again, if nobody else wants it off; nothing where it was not switched off for this file. */
    void switchOn(SourceFile file) {
        change(file, wishes -> wishes.off.remove(file));
    }

    /** Has it off until {@link #endAnnounced}. */
    void beginAnnounced(SourceFile file) {
        change(file, wishes -> wishes.announced++);
    }

    void endAnnounced(SourceFile file) {
        change(file, wishes -> wishes.announced--);
    }

    /** Has it on, whoever wants it off, until {@link #endInOrder}. */
    void beginInOrder(SourceFile file) {
        change(file, wishes -> wishes.inOrder++);
    }

    void endInOrder(SourceFile file) {
        change(file, wishes -> wishes.inOrder--);
    }

    private void change(SourceFile file, Consumer<Wishes> change) {
        synchronized (this) {
            Wishes wishes = descriptions.computeIfAbsent(file.channel(), channel -> new Wishes());
            boolean before = wishes.isOff();
            change.accept(wishes);
            if (wishes.isNone()) {
                descriptions.remove(file.channel());
            }
            if (wishes.isOff() == before) {
                return;
            }
        }
        advise(file);
    }

    private synchronized boolean isOff(SourceFile file) {
        Wishes wishes = descriptions.get(file.channel());
        return wishes != null && wishes.isOff();
    }

    private void advise(SourceFile file) {
        boolean off;
        do {
            off = isOff(file);
            int descriptor = file.descriptor();
            int advice = off ? PosixLibrary.POSIX_FADV_RANDOM : PosixLibrary.POSIX_FADV_NORMAL;
            if (posix.posix_fadvise(descriptor, 0, 0, advice) == 0 && off && !file.channel().isOpen()) {
                // It was closed meanwhile, and the number may be another file's, which has what every file begins with.
                posix.posix_fadvise(descriptor, 0, 0, PosixLibrary.POSIX_FADV_NORMAL);
            }
        } while (off != isOff(file));
    }

    /** Switches it on wherever it is off, and off no more. */
    void stop() {
        stopped = true;
        List<SourceFile> off;
        synchronized (this) {
            off = descriptions.values().stream().flatMap(wishes -> wishes.off.stream()).toList();
        }
        off.forEach(this::switchOn);
    }
}
