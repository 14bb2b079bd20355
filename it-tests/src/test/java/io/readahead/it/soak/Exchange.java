package io.readahead.it.soak;

import io.readahead.it.FileServer;

/**
 * A request and what came of it, as the client saw it.
 *
 * @param server whose
 * @param kind how it was asked, and what must be known of who answers so
 * @param path as it was asked for
 * @param next the file that the next request of a pipeline is for; null where there is none
 * @param rangeFirst first byte that was asked for
 * @param rangeBytes bytes that were asked for; {@link #WHOLE} where no range was
 * @param manner what the client did
 * @param brokenOff whether the client itself ended the connection, in one direction at least
 * @param sentNanos when the request was about to be sent
 * @param firstByteNanos when the first byte of the body came; the end where none did
 * @param endNanos when it was over
 * @param status of the answer; {@link #NO_ANSWER} where its head did not come whole
 * @param announcedBytes length of the body, as the head said
 * @param receivedBytes of it
 * @param body what came
 * @param end how the connection ended, for people
 * @param hung whether nothing came for so long that the client gave up
 */
record Exchange(String server, FileServer kind, String path, SoakFile file, SoakFile next, long rangeFirst, long rangeBytes,
                Manner manner, boolean brokenOff, long sentNanos, long firstByteNanos, long endNanos, int status, long announcedBytes,
                long receivedBytes, BodyChecker body, String end, boolean hung) {

    static final int NO_ANSWER = 0;
    static final long WHOLE = -1;

    /** Whether everything came that the head said. */
    boolean complete() {
        return status != NO_ANSWER && receivedBytes == announcedBytes;
    }

    @Override
    public String toString() {
        return server + " " + path + (rangeBytes == WHOLE ? "" : " from " + rangeFirst + ", " + rangeBytes + " bytes") + ", client "
                + manner + (brokenOff ? " (broke off)" : "") + ": status " + status + ", " + receivedBytes + " of " + announcedBytes
                + " bytes of version " + body.version() + " in " + (endNanos - sentNanos) / 1_000_000 + " ms; " + end;
    }
}
