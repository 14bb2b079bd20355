package io.readahead.transfer;

import io.readahead.os.Mapping;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

class MappedInTurnsTest {

    private static final int MOST = 32;
    private static final int BYTES = 4096;

    @TempDir
    private Path folder;

    private final List<MappedByteBuffer> buffers = new ArrayList<>();
    private final List<Mapping> mappings = new ArrayList<>();
    private final MappedInTurns inTurns = new MappedInTurns();

    @BeforeEach
    void map() throws IOException {
        try (FileChannel file = FileChannel.open(Files.write(folder.resolve("file"), new byte[BYTES]))) {
            for (int i = 0; i <= MOST; i++) {
                MappedByteBuffer buffer = file.map(FileChannel.MapMode.READ_ONLY, 0, BYTES);
                buffers.add(buffer);
                mappings.add(new Mapping(buffer));
            }
        }
    }

    private void leave(int number, long from, long to, long nanos) {
        KnownRange known = new KnownRange();
        known.setOld(from, to, nanos);
        inTurns.leave(mappings.get(number), known, nanos);
    }

    @Test
    void whoComesBackToWhereItLeftGoesOn() {
        leave(0, 100, 300, 1);
        assertSame(mappings.get(0), inTurns.of(buffers.get(0)));
        assertEquals(300, inTurns.comeBack(mappings.get(0), 150));
        assertNull(inTurns.of(buffers.get(0)), "once");
        assertEquals(MappedInTurns.NOT_LEFT, inTurns.comeBack(mappings.get(0), 150));
    }

    @Test
    void whoComesBackElsewhereDoesNot() {
        leave(0, 100, 300, 1);
        assertEquals(MappedInTurns.NOT_LEFT, inTurns.comeBack(mappings.get(0), 301));
        leave(0, 100, 300, 1);
        assertEquals(MappedInTurns.NOT_LEFT, inTurns.comeBack(mappings.get(0), 99));
        leave(0, 100, 300, 1);
        assertEquals(300, inTurns.comeBack(mappings.get(0), 300), "to the end of it");
    }

    @Test
    void theOldestGoesWhereThereAreTooMany() {
        for (int number = 0; number <= MOST; number++) {
            leave(number, 0, 1, number);
        }
        assertNull(inTurns.of(buffers.get(0)));
        assertSame(mappings.get(1), inTurns.of(buffers.get(1)));
    }

    @Test
    void noneIsHeldForLong() {
        leave(0, 0, 1, 10);
        leave(1, 0, 1, 20);
        inTurns.forgetBefore(20);
        assertNull(inTurns.of(buffers.get(0)));
        assertSame(mappings.get(1), inTurns.of(buffers.get(1)));
        inTurns.forget();
        assertNull(inTurns.of(buffers.get(1)));
    }
}
