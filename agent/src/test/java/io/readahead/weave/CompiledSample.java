package io.readahead.weave;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import java.util.function.LongUnaryOperator;

/** As javac writes a class of today: the fuzz test damages its class file. */
final class CompiledSample {

    private record Range(long position, long count) {
    }

    private CompiledSample() {
    }

    @Deprecated
    static long run(FileChannel file, WritableByteChannel target, String word) throws IOException {
        LongUnaryOperator send = count -> {
            try {
                return file.transferTo(0, count, target);
            } catch (IOException e) {
                throw new UncheckedIOException("of " + count, e);
            }
        };
        long sum = 0;
        for (Range range : List.of(new Range(0, 1), new Range(1, 2))) {
            sum += switch (word) {
                case "one" -> file.transferTo(range.position(), range.count(), target);
                case "two" -> send.applyAsLong(range.count());
                default -> 0;
            };
        }
        synchronized (file) {
            return sum + (sum > 0 ? file.transferTo(0, sum, target) : 0);
        }
    }
}
