package io.readahead.observe;

/**
 * What happens in the agent, one by one, for whoever records it.
 *
 * <p>Who reports something asks here first, and gets null where nobody records it: nothing is allocated then.
 * <p>Errors: never throws. Threads: any.
 */
public interface Events {

    /** Nobody records. */
    Events NONE = new Events() {

        @Override
        public Park parked(String site, long position, long countBytes) {
            return null;
        }

        @Override
        public WarmUp warmUpBegins() {
            return null;
        }

        @Override
        public Call callBegins() {
            return null;
        }

        @Override
        public void dropped(long offset, long lengthBytes) {
            // Nobody records.
        }
    };

    /** A target that is parked. */
    interface Park {

        /** It is no longer. Called once. */
        void resumed();
    }

    /** A readahead under way. */
    interface WarmUp {

        /**
         * It ended.
         *
         * @param device number of the file store
         * @param bytes that are in the page cache now
         * @param waitedFor whether a reader waits for it
         */
        void ended(long device, long offset, long bytes, long queuedNanos, boolean waitedFor);
    }

    /** A call of an event loop under way. */
    interface Call {

        /**
         * It ended, and the thread had slept in it until the disk had read something.
         *
         * @param absent whether the first pages were not in the page cache
         * @param issued whether the thread itself had the disk read
         */
        void blocked(String site, long position, long sentBytes, boolean absent, boolean issued);
    }

    /** A target is parked from now on. @return what wants to know when it ends; null where nobody does */
    Park parked(String site, long position, long countBytes);

    /** A worker begins to read. @return what wants to know when it ends; null where nobody does */
    WarmUp warmUpBegins();

    /** An event loop begins a call, in mode=observe. @return what wants to know when it ends; null where nobody does */
    Call callBegins();

    /** A speculative readahead was given up because the budget was full. */
    void dropped(long offset, long lengthBytes);
}
