package io.readahead.it.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * Counts what happened, and keeps what should not have.
 *
 * <p>Threads: any.
 */
final class Tally {

    /** More than that many say nothing new. */
    private static final int KEPT_PROBLEMS = 20;

    private final LongAdder connections = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final Map<Verdict.Kind, LongAdder> verdicts = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> explanations = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> faults = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> manners = new ConcurrentHashMap<>();
    private final List<String> problems = new ArrayList<>();
    private final Consumer<String> out;
    private long problemCount;

    /** @param out is told of each problem at once, for who looks on */
    Tally(Consumer<String> out) {
        this.out = out;
    }

    void connected() {
        connections.increment();
    }

    /** An exchange is over. */
    void judged(Exchange exchange) {
        Verdict verdict = Judge.of(exchange);
        bytes.add(exchange.receivedBytes());
        count(verdicts, verdict.kind());
        count(manners, exchange.manner().name());
        if (verdict.kind() == Verdict.Kind.EXPLAINED) {
            count(explanations, verdict.why());
        } else if (verdict.kind() == Verdict.Kind.UNEXPLAINED) {
            failed(verdict.why() + ": " + exchange + "; the file then: "
                    + exchange.file().history().between(exchange.sentNanos(), exchange.endNanos()));
        }
    }

    /** A fault was injected. */
    void injected(String kind) {
        count(faults, kind);
    }

    /** Something is wrong. */
    synchronized void failed(String what) {
        problemCount++;
        if (problems.size() < KEPT_PROBLEMS) {
            problems.add(what);
            out.accept("soak: PROBLEM " + what);
        }
    }

    synchronized List<String> problems() {
        return List.copyOf(problems);
    }

    synchronized long problemCount() {
        return problemCount;
    }

    long connections() {
        return connections.sum();
    }

    long bytes() {
        return bytes.sum();
    }

    long verdicts(Verdict.Kind kind) {
        return verdicts.containsKey(kind) ? verdicts.get(kind).sum() : 0;
    }

    Map<String, Long> explanations() {
        return sums(explanations);
    }

    Map<String, Long> faults() {
        return sums(faults);
    }

    Map<String, Long> manners() {
        return sums(manners);
    }

    private static <K> void count(Map<K, LongAdder> counts, K kind) {
        counts.computeIfAbsent(kind, k -> new LongAdder()).increment();
    }

    private static Map<String, Long> sums(Map<String, LongAdder> counts) {
        Map<String, Long> sums = new TreeMap<>();
        counts.forEach((kind, count) -> sums.put(kind, count.sum()));
        return sums;
    }
}
