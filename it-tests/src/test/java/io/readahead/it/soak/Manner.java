package io.readahead.it.soak;

import java.io.IOException;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** What a client does with its connection once it has asked for a file. */
enum Manner {

    /** Reads all of it, and asks for the next file on the same connection. */
    READS(34, (download, random) -> download.read(Long.MAX_VALUE)),
    /** Sends two requests at once, and reads both answers. */
    PIPELINES(10, READS.behavior),
    /** Reads nothing for a while, then all. */
    STALLS(10, (download, random) -> {
        download.read(random.nextInt(Manner.SOME_BYTES));
        pause(random.nextInt(Manner.STALL_MILLIS));
        download.read(Long.MAX_VALUE);
    }),
    /** Reads a little at a time. */
    TRICKLES(8, (download, random) -> {
        for (int sip = 0; sip < Manner.SIPS && !download.ended(); sip++) {
            download.read(1 + random.nextInt(Manner.SIP_BYTES));
            pause(Manner.SIP_MILLIS);
        }
        download.read(Long.MAX_VALUE);
    }),
    /** Leaves in good order, with the answer on its way. */
    CLOSES(12, (download, random) -> {
        download.read(random.nextInt(Manner.SOME_BYTES));
        download.close();
    }),
    /** Leaves with a reset. */
    RESETS(12, (download, random) -> {
        download.read(random.nextInt(Manner.SOME_BYTES));
        download.reset();
    }),
    /** Leaves with a reset before it has seen anything of the answer. */
    RESETS_AT_ONCE(6, (download, random) -> {
        pause(random.nextInt(Manner.SIP_MILLIS));
        download.reset();
    }),
    /** Ends its own direction, and reads on as far as the server goes along with that. */
    HALF_CLOSES(8, (download, random) -> {
        download.read(random.nextInt(Manner.SOME_BYTES));
        download.halfClose();
        download.read(Long.MAX_VALUE);
    });

    private static final int SOME_BYTES = 2 << 20;
    private static final int STALL_MILLIS = 3000;
    private static final int SIPS = 100;
    private static final int SIP_BYTES = 32 << 10;
    private static final int SIP_MILLIS = 20;

    private final int weight;
    private final Behavior behavior;

    Manner(int weight, Behavior behavior) {
        this.weight = weight;
        this.behavior = behavior;
    }

    /** With one download, after its request was sent. */
    @FunctionalInterface
    private interface Behavior {
        void with(Download download, Random random) throws IOException;
    }

    /** One of them, the frequent ones more often. */
    static Manner any(Random random) {
        int left = random.nextInt(100);
        for (Manner manner : values()) {
            left -= manner.weight;
            if (left < 0) {
                return manner;
            }
        }
        throw new IllegalStateException("the weights are less than 100");
    }

    void with(Download download, Random random) throws IOException {
        behavior.with(download, random);
    }

    private static void pause(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
