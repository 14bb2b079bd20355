package io.readahead.examples.netty;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of a file that is asked for (RFC 9110, 14.1.2): one range, or the whole file.
 *
 * @param status 200, 206 or 416
 */
record ByteRange(int status, long first, long length) {

    private static final int OK = 200;
    private static final int PARTIAL = 206;
    private static final int UNSATISFIABLE = 416;
    private static final Pattern ONE_RANGE = Pattern.compile("bytes=(\\d{1,18})?-(\\d{1,18})?");

    /** What a Range header asks of a file of that size; a header of another form is ignored, as the RFC allows. */
    static ByteRange of(String header, long size) {
        Matcher range = header == null ? null : ONE_RANGE.matcher(header.trim());
        if (range == null || !range.matches() || range.group(1) == null && range.group(2) == null) {
            return new ByteRange(OK, 0, size);
        }
        if (range.group(1) == null) {
            long last = Math.min(size, Long.parseLong(range.group(2)));
            return last == 0 ? new ByteRange(UNSATISFIABLE, 0, 0) : new ByteRange(PARTIAL, size - last, last);
        }
        long first = Long.parseLong(range.group(1));
        long end = range.group(2) == null ? size : Math.min(size, Long.parseLong(range.group(2)) + 1);
        return first >= size || end <= first ? new ByteRange(UNSATISFIABLE, 0, 0) : new ByteRange(PARTIAL, first, end - first);
    }
}
