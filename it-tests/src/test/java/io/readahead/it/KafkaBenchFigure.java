package io.readahead.it;

/** What is told of each run of the benchmark of Kafka, in the order of the table. */
enum KafkaBenchFigure {
    ACK_P50("produce-ack p50, ms"),
    ACK_P99("produce-ack p99, ms"),
    ACK_P999("produce-ack p99.9, ms"),
    ACK_MAX("produce-ack max, ms"),
    TAIL_P50("tail-consume p50, ms"),
    TAIL_P99("tail-consume p99, ms"),
    TAIL_P999("tail-consume p99.9, ms"),
    TAIL_MAX("tail-consume max, ms"),
    PRODUCED("acknowledged, MB/s"),
    CONSUMED("consumed at the tail, MB/s"),
    CATCH_UP("catch-up, MB/s"),
    NETWORK_SLEEP("network thread asleep on disk, s"),
    NETWORK_READ("network thread's own reads, MB"),
    HANDLERS_SLEEP("request handlers asleep on disk, s, all 8"),
    HOT_IN_MEMORY("in memory at the end, of the last 64 MB of the hot segment (of all if less), %"),
    /** Of several brokers only. */
    OUT_OF_SYNC("followers out of sync, most at a time");

    private final String title;

    KafkaBenchFigure(String title) {
        this.title = title;
    }

    /** What it is and its unit. */
    String title() {
        return title;
    }
}
