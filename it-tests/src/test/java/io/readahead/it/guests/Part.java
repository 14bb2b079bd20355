package io.readahead.it.guests;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of a file that a request is for.
 *
 * @param status 200 or 206
 */
record Part(int status, long offset, long length) {

    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d+)");
    private static final int OK = 200;
    private static final int PARTIAL = 206;

    /** @param range the header, as the tests' clients send it; null for the whole file */
    static Part of(String range, long size) {
        Matcher ends = range == null ? null : RANGE.matcher(range);
        if (ends == null || !ends.matches()) {
            return new Part(OK, 0, size);
        }
        long first = Long.parseLong(ends.group(1));
        return new Part(PARTIAL, first, Math.min(size, Long.parseLong(ends.group(2)) + 1) - first);
    }
}
