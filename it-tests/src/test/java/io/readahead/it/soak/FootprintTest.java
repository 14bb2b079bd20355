package io.readahead.it.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What of a JVM's metaspace nobody uses, and whose code it has compiled, by what JDK 17 and 25 say of it. */
class FootprintTest {

    private static final String SAID = """
            Total Usage - 72 loaders, 2926 classes (1270 shared):
                   Both:  790 chunks,  20971.00 KB capacity, 20654.00 KB ( 98%) committed, 20469.50 KB ( 98%) used, 184.07 KB ( <1%) free, \
            0.25 KB ( <1%) waste , deallocated: 5581 blocks with 9216.25 KB

            Virtual space:
              Non-class space:   131072.00 KB reserved,   36925.00 KB ( 28%) committed,  2 nodes.
                         Both:  1179648.00 KB reserved,   38594.00 KB (  3%) committed.
            """;

    @Test
    void ofTheMetaspaceChunksAndBlocksAreFree() {
        assertEquals(38594 - 20469.50 + 9216.25, Footprint.freeMetaspaceKib(SAID), 1);
    }

    @Test
    void aJvmThatSaysNothingOfItIsNotTakenForOneWithoutAny() {
        assertThrows(IllegalStateException.class, () -> Footprint.freeMetaspaceKib("no such command"));
    }

    @Test
    void codeIsCountedByTheClassThatItIsOf() {
        String said = """
                17 0 0 java.lang.System.arraycopy(Ljava/lang/Object;I)V [0x00007f8788ec7010, 0x00007f8788ec71a0 - 0x00007f8788ec7810]
                503 4 0 io.readahead.transfer.Stream$1.admit(JJ)J [0x00007f8788ef2810, 0x00007f8788ef2e20 - 0x00007f8788ef4010]
                8 4 -1 io.readahead.examples.netty.A$$Lambda/0x00007f.run()V [0x00007f8788ec7000, 0x00007f8788ec7580 - 0x00007f8788ec8000]
                """;
        assertEquals(6, Footprint.codeKib(said, Pattern.compile("io\\.readahead\\.transfer\\..*")));
        assertEquals(2 + 6 + 4, Footprint.codeKib(said, Pattern.compile(".*")));
    }
}
