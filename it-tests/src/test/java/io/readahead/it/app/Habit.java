package io.readahead.it.app;

import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** What a server may do around a transfer that sent nothing; a name is part of a URL. */
public enum Habit {

    /** As most do. */
    ASKS_AFTER_NOTHING_WENT,

    /** Sends only when the selector says so, also the first time. */
    ASKS_BEFORE_IT_SENDS,

    /** Keeps OP_READ and comes back by itself. */
    KEEPS_READ_ONLY {
        @Override
        void afterNothingWent(Connection connection) {
            connection.ask(SelectionKey.OP_READ);
            connection.loop().poll(connection);
        }
    },

    /** Asks for both, so that it hears of a client that leaves. */
    KEEPS_READ_TOO {
        @Override
        void afterNothingWent(Connection connection) {
            connection.ask(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        }
    },

    /** Goes on in another loop, that is under another selector. */
    MOVES_TO_ANOTHER_SELECTOR {
        @Override
        void afterNothingWent(Connection connection) throws IOException {
            connection.moveTo(connection.loop().next());
        }
    },

    /** Another thread takes OP_WRITE away and sets it again soon. */
    OTHER_THREAD_CHANGES_INTEREST {
        @Override
        void afterNothingWent(Connection connection) {
            connection.ask(SelectionKey.OP_WRITE);
            OTHER_THREAD.schedule(() -> setInterest(connection, 0), SOON_MILLIS, TimeUnit.MILLISECONDS);
            OTHER_THREAD.schedule(() -> setInterest(connection, SelectionKey.OP_WRITE), 2 * SOON_MILLIS, TimeUnit.MILLISECONDS);
        }
    },

    /** Another thread takes OP_WRITE away, and sets it again long after the data is there. */
    OTHER_THREAD_CHANGES_INTEREST_LATE {
        @Override
        void afterNothingWent(Connection connection) {
            connection.ask(SelectionKey.OP_WRITE);
            OTHER_THREAD.schedule(() -> setInterest(connection, 0), SOON_MILLIS, TimeUnit.MILLISECONDS);
            OTHER_THREAD.schedule(() -> setInterest(connection, SelectionKey.OP_WRITE), LATE_MILLIS, TimeUnit.MILLISECONDS);
        }
    },

    /** Cancels its key, and registers with the same selector at once. */
    REGISTERS_ANEW {
        @Override
        void afterNothingWent(Connection connection) throws IOException {
            connection.ask(SelectionKey.OP_WRITE);
            connection.cancelKey();
            connection.register();
        }
    },

    /** Cancels its key, and registers with the same selector long after the data is there. */
    REGISTERS_ANEW_LATE {
        @Override
        void afterNothingWent(Connection connection) throws IOException {
            connection.ask(SelectionKey.OP_WRITE);
            connection.cancelKey();
            OTHER_THREAD.schedule(() -> connection.loop().execute(connection::register), LATE_MILLIS, TimeUnit.MILLISECONDS);
        }
    },

    /** Replaces its selector while others are registered there too. */
    REBUILDS_THE_SELECTOR {
        @Override
        void afterNothingWent(Connection connection) throws IOException {
            connection.ask(SelectionKey.OP_WRITE);
            connection.loop().rebuild();
        }
    },

    /** Waits at a selector of its own until the socket takes more. */
    WAITS_AT_A_TEMPORARY_SELECTOR {
        @Override
        void afterNothingWent(Connection connection) throws IOException {
            connection.ask(0);
            waitForRoom(connection, FOREVER);
            connection.ask(SelectionKey.OP_WRITE);
        }
    },

    /** Waits at a selector of its own for a short time, and then at that of its loop. */
    GIVES_A_TEMPORARY_SELECTOR_UP {
        @Override
        void afterNothingWent(Connection connection) throws IOException {
            connection.ask(0);
            waitForRoom(connection, SOON_MILLIS);
            connection.ask(SelectionKey.OP_WRITE);
        }
    },

    /** Cancels its key, and leaves the client alone until that goes. */
    CANCELS {
        @Override
        void afterNothingWent(Connection connection) throws IOException {
            connection.ask(SelectionKey.OP_WRITE);
            connection.cancelKey();
            OTHER_THREAD.schedule(connection::close, LATE_MILLIS, TimeUnit.MILLISECONDS);
        }
    },

    /** Closes the client's channel. */
    CLOSES {
        @Override
        void afterNothingWent(Connection connection) {
            connection.ask(SelectionKey.OP_WRITE);
            OTHER_THREAD.schedule(connection::close, SOON_MILLIS, TimeUnit.MILLISECONDS);
        }
    },

    /** Closes the selector, and then the channel. */
    CLOSES_ITS_SELECTOR {
        @Override
        void afterNothingWent(Connection connection) throws IOException {
            try (Selector another = Selector.open()) {
                connection.cancelKey();
                connection.client().register(another, SelectionKey.OP_WRITE);
                SelectorLoop.select(another, SOON_MILLIS);
            }
            OTHER_THREAD.schedule(connection::close, SOON_MILLIS, TimeUnit.MILLISECONDS);
        }
    },

    /** Reads to the end of a file that grows, looks again after a while, and goes on. */
    FOLLOWS_A_GROWING_FILE {
        @Override
        boolean follows() {
            return true;
        }

        @Override
        void afterNothingWent(Connection connection) throws IOException {
            if (connection.isAtEndOfFile()) {
                connection.ask(0);
                connection.loop().poll(connection);
            } else {
                connection.ask(SelectionKey.OP_WRITE);
            }
        }
    },

    /** Sends three parts one after another, and goes on to the next one whatever went of the one before. */
    SENDS_IN_SEGMENTS {
        @Override
        int segments() {
            return SEGMENTS;
        }
    },

    /** Asks again at once, until all is sent. */
    ASKS_OVER_AND_OVER {
        @Override
        boolean asksOverAndOver() {
            return true;
        }
    },

    /** Maps the file, and writes head and file at once. */
    MAPS {
        @Override
        boolean maps() {
            return true;
        }
    },

    /** Asks for OP_WRITE and sends nothing for ever: what a 0 does to a loop where nobody withholds the interest. */
    SPINS {
        @Override
        boolean idles(Connection connection) {
            connection.ask(SelectionKey.OP_WRITE);
            return true;
        }
    };

    /** Less than a test's readahead takes. */
    private static final int SOON_MILLIS = 50;
    /** More than a test's readahead takes. */
    private static final int LATE_MILLIS = 500;
    private static final int FOREVER = 0;
    private static final int SEGMENTS = 3;
    private static final ScheduledExecutorService OTHER_THREAD = Executors.newSingleThreadScheduledExecutor();

    void afterNothingWent(Connection connection) throws IOException {
        connection.ask(SelectionKey.OP_WRITE);
    }

    /** Whether it doesn't even try. */
    boolean idles(Connection connection) {
        return false;
    }

    /** Whether the end of the file isn't the end of the answer. */
    boolean follows() {
        return false;
    }

    /** In how many parts it sends a file. */
    int segments() {
        return 1;
    }

    /** Whether it writes from a mapping. */
    boolean maps() {
        return false;
    }

    /** Whether it selects no more before all is sent. */
    boolean asksOverAndOver() {
        return false;
    }

    private static void waitForRoom(Connection connection, int timeoutMillis) throws IOException {
        try (Selector temporary = Selector.open()) {
            connection.client().register(temporary, SelectionKey.OP_WRITE);
            SelectorLoop.select(temporary, timeoutMillis);
        }
    }

    private static void setInterest(Connection connection, int interest) {
        try {
            connection.ask(interest);
            connection.loop().wakeup();
        } catch (CancelledKeyException ignored) {
            // The client has gone meanwhile.
        }
    }
}
