package io.readahead.transfer;

import io.readahead.os.Residency;
import io.readahead.warmup.Budget;

/**
 * Whether the kernel's own readahead goes on before a reader's windows, and what of the budget is held for that.
 *
 * <p>Problem: {@code POSIX_FADV_WILLNEED} makes a folio of each page, which is 150 to 550 us of CPU for a MB, and more again where it is
 * sent; what the kernel reads ahead by itself comes in large folios, for 30 to 85 us (Linux 6.18, page_cache_ra_order()). Choice: a reader
 * that goes on through its file at 64 MB/s or more, the disk included, is read ahead in order, with that readahead. Cost: the kernel is
 * up to twice {@code read_ahead_kb} further than it was asked to be, which is held in the budget. It leaves marks, which a readahead
 * thread comes to before any loop does, and each of them has the kernel go on: so it does to the end, or until the reader jumps. A disk
 * that becomes slow meanwhile has these reads in its queue, as it has without the agent.
 *
 * <p>Where {@code read_ahead_kb} is smaller than a window it ends with a reader that is as slow as with a disk that seeks, which would go
 * to and fro between readers in small steps. Not below {@value #LEAST_KIB} KB, the kernel's default.
 *
 * <p>Units: bytes. Threads: under the stream's monitor.
 */
final class KernelAhead {

    /** It reads one stretch while another is gone through. */
    private static final int STRETCHES = 2;
    private static final int LEAST_KIB = 128;
    private static final long LEAST_BYTES = LEAST_KIB * 1024;

    private final Budget budget;
    private final Residency residency;
    private long heldBytes;

    KernelAhead(Budget budget, Residency residency) {
        this.budget = budget;
        this.residency = residency;
    }

    boolean isOn() {
        return heldBytes > 0;
    }

    /**
     * Begins, where that is worth it and there is room in the budget.
     *
     * @param device of the file's store, as {@link io.readahead.os.FileFacts#device()} says it
     */
    void tryOn(long device) {
        long stretch = residency.kernelReadahead(device);
        if (!isOn() && stretch >= LEAST_BYTES && budget.tryTakeExtra(STRETCHES * stretch)) {
            heldBytes = STRETCHES * stretch;
        }
    }

    /** The reader, or the disk, is slower than is worth it. */
    void slowedDown(long windowBytes) {
        if (heldBytes < STRETCHES * windowBytes) {
            off();
        }
    }

    /** The reader is through, or jumped. */
    void off() {
        if (isOn()) {
            budget.give(heldBytes);
            heldBytes = 0;
        }
    }
}
