package io.readahead.transfer;

import java.nio.channels.Channel;

/**
 * Which call was answered that its bytes come later.
 *
 * @param thread the only one that it means something to
 */
record LastAnswer(Thread thread, Channel file, long position) {

    static LastAnswer later(Channel file, long position) {
        return new LastAnswer(Thread.currentThread(), file, position);
    }

    boolean was(Channel asked, long at) {
        return thread == Thread.currentThread() && file == asked && position == at;
    }
}
