package io.readahead.it.woven;

import io.readahead.it.missing.OptionalDependency;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;

/** A call site in a class whose fields, signatures and bodies name a type that isn't there. */
public final class IncompleteSender {

    private static OptionalDependency field;

    private IncompleteSender() {
    }

    /** Hands on everything as it is. */
    public static long send(FileChannel file, long position, long count, WritableByteChannel target) throws IOException {
        return file.transferTo(position, count, target);
    }

    /** Never called. */
    public static OptionalDependency swap(OptionalDependency other) {
        OptionalDependency before = field;
        field = other == null ? new OptionalDependency() : other;
        return before;
    }
}
