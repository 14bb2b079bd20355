package io.readahead.examples.jetty;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a Range header asks of a file of a known size.
 *
 * <p>Source: RFC 9110, section 14. A header that is malformed, in another unit, or has several ranges is ignored, as it permits.
 *
 * @param outcome what to answer
 * @param first first byte of the range; 0 unless PARTIAL
 * @param length bytes of the range; the file's size if WHOLE, 0 if UNSATISFIABLE
 */
record RangeHeader(Outcome outcome, long first, long length) {
    private static final Pattern SINGLE_RANGE = Pattern.compile("bytes\\s*=[\\s,]*(\\d*)-(\\d*)[\\s,]*", Pattern.CASE_INSENSITIVE);
    private static final int LONG_DIGITS = 18;

    /** The answers. */
    enum Outcome {
        /** 200 with the whole file. */
        WHOLE,
        /** 206 with the range. */
        PARTIAL,
        /** 416: no byte of the range is in the file. */
        UNSATISFIABLE
    }

    /** @param header the header's value, or null */
    static RangeHeader parse(String header, long size) {
        RangeHeader whole = new RangeHeader(Outcome.WHOLE, 0, size);
        Matcher matcher = header == null ? null : SINGLE_RANGE.matcher(header.trim());
        if (matcher == null || !matcher.matches()) {
            return whole;
        }
        boolean hasFirst = !matcher.group(1).isEmpty();
        boolean hasLast = !matcher.group(2).isEmpty();
        if (!hasFirst && !hasLast) {
            return whole;
        }
        long last = hasLast ? number(matcher.group(2)) : Long.MAX_VALUE;
        if (!hasFirst) {
            long suffix = Math.min(last, size);
            return suffix == 0 ? new RangeHeader(Outcome.UNSATISFIABLE, 0, 0) : new RangeHeader(Outcome.PARTIAL, size - suffix, suffix);
        }
        long first = number(matcher.group(1));
        if (first > last) {
            return whole;
        }
        if (first >= size) {
            return new RangeHeader(Outcome.UNSATISFIABLE, 0, 0);
        }
        return new RangeHeader(Outcome.PARTIAL, first, Math.min(last, size - 1) - first + 1);
    }

    /** A number beyond every file's size stands for all the longer ones. */
    private static long number(String digits) {
        String significant = digits.replaceFirst("^0+(?=.)", "");
        return significant.length() > LONG_DIGITS ? Long.MAX_VALUE : Long.parseLong(significant);
    }
}
