package io.readahead.it.soak;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Says whether an exchange is right, or explained by something that was done to its file or that the client did itself.
 *
 * <p>What a server without the agent does is the measure: a file that was cut or replaced by a shorter one ends a download early; a file
 * that is missing or refused is answered by a status, or by closing the connection; Tomcat keeps what it knows of a file, and a small
 * file itself, for {@value #SERVERS_MEMORY_SECONDS} s, and Jetty as it comes for less; that Jetty looks at a file's length twice, and gives
 * up where it has changed; Netty's example closes the connection when it can't open the file of the next request, whatever is on its way
 * then. Nothing explains a wrong byte, nor a download that hangs.
 * <p>Threads: any; no state.
 */
final class Judge {

    /** Five seconds of Tomcat's {@code cacheTtl}, and as much as its clean-up may be late on a busy machine. */
    private static final int SERVERS_MEMORY_SECONDS = 8;
    private static final long SERVERS_MEMORY_NANOS = TimeUnit.SECONDS.toNanos(SERVERS_MEMORY_SECONDS);
    private static final String LOOKS = "the file was changed between two looks of the server at its length";
    private static final String NEXT = "the file of the next request was gone when it was to be opened";
    private static final int OK = 200;
    private static final int PARTIAL = 206;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int UNSATISFIABLE = 416;
    private static final int FAILED = 500;

    private Judge() {
    }

    static Verdict of(Exchange exchange) {
        if (exchange.body().wrong() != null) {
            return Verdict.unexplained("wrong content: " + exchange.body().wrong());
        }
        if (exchange.hung()) {
            return Verdict.unexplained("nothing came any more");
        }
        if (exchange.body().zerosFrom() != BodyChecker.NO_ZEROS && !wasCutTo(exchange, exchange.body().zerosFrom())) {
            return Verdict.unexplained("zeros from position " + exchange.body().zerosFrom() + " on, where the file was not cut");
        }
        return switch (exchange.status()) {
            case Exchange.NO_ANSWER -> noAnswer(exchange);
            case OK, PARTIAL -> content(exchange);
            case FAILED -> failed(exchange);
            case NOT_FOUND, FORBIDDEN -> refused(exchange);
            case UNSATISFIABLE -> unsatisfiable(exchange);
            default -> Verdict.unexplained("a status that nothing here leads to");
        };
    }

    private static Verdict failed(Exchange exchange) {
        if (wasCutBefore(exchange)) {
            return Verdict.explained("the file was cut before its first byte went");
        }
        return changedBetweenLooks(exchange, exchange.endNanos()) ? Verdict.explained(LOOKS) : refused(exchange);
    }

    /** Of a file that has gone since it was found Jetty says that its length is -1 (12.1.14, PathResource), and no range is in that. */
    private static Verdict unsatisfiable(Exchange exchange) {
        return changedBetweenLooks(exchange, exchange.endNanos()) ? Verdict.explained(LOOKS)
                : explainedBy(exchange, "the range was past the end of a shorter file",
                        state -> state.smallestBytes() <= exchange.rangeFirst());
    }

    private static Verdict refused(Exchange exchange) {
        return explainedBy(exchange, "the file was missing or refused", state -> state.mayBeMissing() || state.mayBeDenied());
    }

    /** Jetty's example, by the stream: the end of the file comes before the first byte of the body, when the head has not gone yet. */
    private static boolean wasCutBefore(Exchange exchange) {
        List<FileState> known = before(exchange, exchange.endNanos());
        return known.stream().anyMatch(state -> state.largestBytes() > exchange.rangeFirst())
                && known.stream().anyMatch(state -> state.smallestBytes() <= exchange.rangeFirst());
    }

    private static Verdict noAnswer(Exchange exchange) {
        if (exchange.brokenOff()) {
            return Verdict.explained("the client broke off");
        }
        if (fileWasTouched(exchange.file(), exchange)) {
            return Verdict.explained("the file was changed before the answer");
        }
        return nextCloses(exchange) ? Verdict.explained(NEXT) : Verdict.unexplained("no answer");
    }

    private static Verdict content(Exchange exchange) {
        List<FileState> known = before(exchange, exchange.firstByteNanos());
        if (known.stream().noneMatch(state -> announces(state, exchange))) {
            return Verdict.unexplained("a length that the file did not have");
        }
        List<FileState> opened = isFromMemory(exchange) ? known
                : exchange.file().history().between(exchange.sentNanos(), exchange.firstByteNanos());
        if (exchange.body().version() != BodyChecker.NO_VERSION
                && opened.stream().noneMatch(state -> state.hasVersion(exchange.body().version()))) {
            return Verdict.unexplained("a version that the file did not have at that time");
        }
        if (exchange.complete()) {
            return Verdict.complete();
        }
        if (exchange.brokenOff()) {
            return Verdict.explained("the client broke off");
        }
        long end = exchange.rangeFirst() + exchange.announcedBytes();
        if (before(exchange, exchange.endNanos()).stream().anyMatch(state -> state.smallestBytes() < end)) {
            return Verdict.explained("the file was cut, or replaced by a shorter one");
        }
        if (changedBetweenLooks(exchange, exchange.firstByteNanos())) {
            return Verdict.explained(LOOKS);
        }
        if (exchange.receivedBytes() == 0 && fileWasTouched(exchange.file(), exchange)) {
            return Verdict.explained("the file was gone when it was to be opened");
        }
        return nextCloses(exchange) ? Verdict.explained(NEXT) : Verdict.unexplained("cut short");
    }

    private static boolean isFromMemory(Exchange exchange) {
        return exchange.announcedBytes() < exchange.kind().keptBytes();
    }

    private static boolean changedBetweenLooks(Exchange exchange, long nanos) {
        return exchange.kind().looksTwice() && exchange.file().history().between(exchange.sentNanos(), nanos).size() > 1;
    }

    private static boolean nextCloses(Exchange exchange) {
        return exchange.next() != null && fileWasTouched(exchange.next(), exchange);
    }

    private static Verdict explainedBy(Exchange exchange, String why, Predicate<FileState> cause) {
        return before(exchange, exchange.endNanos()).stream().anyMatch(cause) ? Verdict.explained(why)
                : Verdict.unexplained("status " + exchange.status() + " without a cause");
    }

    private static boolean announces(FileState state, Exchange exchange) {
        long most = exchange.rangeBytes() == Exchange.WHOLE ? Long.MAX_VALUE : exchange.rangeBytes();
        long smallest = Math.min(most, state.smallestBytes() - exchange.rangeFirst());
        long largest = Math.min(most, state.largestBytes() - exchange.rangeFirst());
        return exchange.announcedBytes() >= smallest && exchange.announcedBytes() <= largest;
    }

    private static boolean wasCutTo(Exchange exchange, long position) {
        return exchange.file().history().between(exchange.sentNanos(), exchange.endNanos()).stream()
                .anyMatch(state -> state.smallestBytes() <= position);
    }

    /** Whether a server that looked for the file, and then opened it, may have met two different things, or no file. */
    private static boolean fileWasTouched(SoakFile file, Exchange exchange) {
        List<FileState> states = file.history().between(exchange.sentNanos() - SERVERS_MEMORY_NANOS, exchange.endNanos());
        return states.size() > 1 || states.stream().anyMatch(state -> state.mayBeMissing() || state.mayBeDenied());
    }

    /** What a server may have known of the file that it sent by then. */
    private static List<FileState> before(Exchange exchange, long nanos) {
        return exchange.file().history().between(exchange.sentNanos() - SERVERS_MEMORY_NANOS, nanos);
    }
}
