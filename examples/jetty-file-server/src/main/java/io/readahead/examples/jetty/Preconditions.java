package io.readahead.examples.jetty;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpDateTime;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

/**
 * The conditional headers of a GET or HEAD request.
 *
 * <p>Source: RFC 9110, section 13; the order in which they count is that of 13.2.2.
 */
enum Preconditions {
    /** Answer as if there were no condition. */
    PASSED,
    /** 304: the client has this file. */
    NOT_MODIFIED,
    /** 412: the client wanted another version of the file. */
    FAILED;

    /** One element of a list of entity tags, without the weak mark; or any tag. */
    private static final Pattern TAG = Pattern.compile("(W/)?(\"[^\"]*\")|\\*");
    private static final int WEAK_MARK = 1;
    private static final int OPAQUE_TAG = 2;
    private static final long NO_DATE = -1;

    static Preconditions check(HttpFields headers, ServedFile file) {
        if (headers.contains(HttpHeader.IF_MATCH)) {
            if (!names(headers, HttpHeader.IF_MATCH, file.etag(), false)) {
                return FAILED;
            }
        } else if (date(headers, HttpHeader.IF_UNMODIFIED_SINCE) != NO_DATE
                && file.lastModifiedSeconds() > date(headers, HttpHeader.IF_UNMODIFIED_SINCE)) {
            return FAILED;
        }
        if (headers.contains(HttpHeader.IF_NONE_MATCH)) {
            return names(headers, HttpHeader.IF_NONE_MATCH, file.etag(), true) ? NOT_MODIFIED : PASSED;
        }
        long since = date(headers, HttpHeader.IF_MODIFIED_SINCE);
        return since != NO_DATE && file.lastModifiedSeconds() <= since ? NOT_MODIFIED : PASSED;
    }

    /** Says whether a Range header counts: always, unless If-Range names another version of the file. */
    static boolean rangeCounts(HttpFields headers, ServedFile file) {
        String condition = headers.get(HttpHeader.IF_RANGE);
        return condition == null
                || condition.trim().equals(file.etag())
                || date(headers, HttpHeader.IF_RANGE) == file.lastModifiedSeconds();
    }

    private static boolean names(HttpFields headers, HttpHeader header, String etag, boolean weakly) {
        for (String value : headers.getValuesList(header)) {
            for (Matcher tag = TAG.matcher(value); tag.find();) {
                boolean isAny = tag.group(OPAQUE_TAG) == null;
                if (isAny || tag.group(OPAQUE_TAG).equals(etag) && (weakly || tag.group(WEAK_MARK) == null)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** @return seconds since 1970, or {@link #NO_DATE} for a header that is absent or no date */
    private static long date(HttpFields headers, HttpHeader header) {
        String value = headers.get(header);
        try {
            return value == null ? NO_DATE : HttpDateTime.parse(value).toEpochSecond();
        } catch (IllegalArgumentException ignored) {
            return NO_DATE;
        }
    }
}
