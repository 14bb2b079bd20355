package io.readahead.transfer;

import java.nio.channels.FileChannel;

/**
 * Which call was answered that its bytes come later.
 *
 * @param thread the only one that it means something to
 */
record LastAnswer(Thread thread, FileChannel file, long position) {

    static LastAnswer later(FileChannel file, long position) {
        return new LastAnswer(Thread.currentThread(), file, position);
    }

    boolean was(FileChannel asked, long at) {
        return thread == Thread.currentThread() && file == asked && position == at;
    }
}
