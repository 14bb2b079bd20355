package io.readahead.it.soak;

import io.readahead.it.FileServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;

/**
 * Asks one server for files, one after the other, each time in another manner, until it is told that it is enough.
 *
 * <p>Threads: one of its own.
 */
final class SoakClient implements Runnable {

    private static final int SMALL_BUFFER_BYTES = 16 << 10;
    private static final int REQUESTS_OF_A_PIPELINE = 2;
    /** A reader that takes its time asks for no more than this. */
    private static final long SLOW_BYTES = 2 << 20;

    private final SoakServer server;
    private final Tally tally;
    private final Random random;
    private final BooleanSupplier enough;
    private HttpLine line;

    SoakClient(SoakServer server, Tally tally, long seed, BooleanSupplier enough) {
        this.server = server;
        this.tally = tally;
        this.random = new Random(seed);
        this.enough = enough;
    }

    @Override
    public void run() {
        try {
            while (!enough.getAsBoolean()) {
                once(Manner.any(random));
            }
            if (line != null) {
                line.close();
            }
        } catch (IOException | RuntimeException e) {
            tally.failed("a client of " + server + ": " + e);
        }
    }

    private void once(Manner manner) throws IOException {
        if (line == null || manner == Manner.STALLS || manner == Manner.TRICKLES) {
            if (line != null) {
                line.close();
            }
            line = new HttpLine(server, manner == Manner.READS ? 0 : SMALL_BUFFER_BYTES);
            tally.connected();
        }
        List<Download> downloads = new ArrayList<>();
        for (int request = 0; request < (manner == Manner.PIPELINES ? REQUESTS_OF_A_PIPELINE : 1); request++) {
            Download download = download(manner);
            download.send();
            downloads.add(download);
        }
        boolean open = true;
        for (int number = 0; open && number < downloads.size(); number++) {    // an answer that ends the connection ends it for the next
            Download download = downloads.get(number);
            try {
                manner.with(download, random);
            } catch (IOException ignored) {
                // Closing a connection that the server has broken already.
            }
            tally.judged(download.exchange(number + 1 < downloads.size() ? downloads.get(number + 1) : null));
            open = download.leavesTheConnectionOpen();
        }
        if (!open) {
            line.close();
            line = null;
        }
    }

    private Download download(Manner manner) {
        SoakFile file = server.files().any(random);
        FileServer kind = server.anyKind(random);
        boolean slow = manner == Manner.TRICKLES || manner == Manner.STALLS;
        if (!slow && random.nextInt(3) > 0) {
            return new Download(line, server.name(), kind, file, 0, Exchange.WHOLE, manner);
        }
        long first = SoakContent.whole((long) (random.nextDouble() * file.mostBytes()));
        long most = slow ? Math.min(SLOW_BYTES, file.mostBytes() - first) : file.mostBytes() - first;
        return new Download(line, server.name(), kind, file, first, 1 + (long) (random.nextDouble() * most), manner);
    }
}
