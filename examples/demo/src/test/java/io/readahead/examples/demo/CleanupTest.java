package io.readahead.examples.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CleanupTest {

    @Test
    void undoesOnceInReverseOrder() {
        List<String> done = new ArrayList<>();
        Cleanup cleanup = new Cleanup();
        cleanup.add(() -> done.add("first"));
        cleanup.add(() -> done.add("last"));
        cleanup.close();
        cleanup.close();
        assertEquals(List.of("last", "first"), done);
    }
}
