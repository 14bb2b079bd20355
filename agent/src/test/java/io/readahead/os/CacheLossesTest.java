package io.readahead.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CacheLossesTest {

    private static final String COUNTS = """
            nr_free_pages 17
            nr_file_pages 500000
            pgsteal_anon 5
            pgsteal_file 100
            pginodesteal 3
            kswapd_inodesteal 4
            drop_pagecache 1
            drop_slab 2
            """;

    @TempDir
    private Path folder;

    private Path file;
    private CacheLosses losses;

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(folder.resolve("vmstat"), COUNTS);
        losses = new CacheLosses(file.toString());
    }

    @AfterEach
    void close() throws IOException {
        losses.close();
    }

    private void says(String from, String to) throws IOException {
        Files.writeString(file, COUNTS.replace(from, to));
    }

    @Test
    void nothingIsLostAsLongAsNoCountMoves() throws IOException {
        assertTrue(losses.look(), "of what was before nobody knows");
        assertFalse(losses.look());
        says("pgsteal_anon 5", "pgsteal_anon 6");
        assertFalse(losses.look());
        says("nr_free_pages 17", "nr_free_pages 1");
        assertFalse(losses.look());
    }

    @ParameterizedTest
    @ValueSource(strings = {"pgsteal_file 100", "pginodesteal 3", "kswapd_inodesteal 4", "drop_pagecache 1"})
    void oneMoreOfAnyIsALossOnce(String count) throws IOException {
        losses.look();
        says(count, count + "0");
        assertTrue(losses.look());
        assertFalse(losses.look());
    }

    @Test
    void aCacheThatHasBecomeMuchSmallerHasLostSomethingThatNobodyCounts() throws IOException {
        losses.look();
        says("nr_file_pages 500000", "nr_file_pages 600000");
        assertFalse(losses.look(), "it has grown");
        says("nr_file_pages 500000", "nr_file_pages 599900");
        assertFalse(losses.look());
        says("nr_file_pages 500000", "nr_file_pages 599745");
        assertFalse(losses.look());
        says("nr_file_pages 500000", "nr_file_pages 599744");
        assertTrue(losses.look(), "in small steps");
        assertFalse(losses.look());
    }

    @Test
    void aKernelThatDoesNotCountHasAlwaysLostSome() throws IOException {
        says("pgsteal_file 100\n", "");
        losses.look();
        assertTrue(losses.look());
        assertTrue(losses.look());
        Files.delete(file);
        try (CacheLosses hidden = new CacheLosses(file.toString())) {
            hidden.look();
            assertTrue(hidden.look());
        }
    }

    @Test
    void aTextOfAnyLengthIsRead() throws IOException {
        says("nr_free_pages 17", "some_count 123456789\n".repeat(1000) + "nr_free_pages 17");
        losses.look();
        assertFalse(losses.look());
    }

    @Test
    void thisKernelCounts() throws IOException {
        try (CacheLosses here = new CacheLosses()) {
            assertEquals(true, here.look());
            assertEquals(Files.readString(Path.of("/proc/vmstat")).contains("\npgsteal_file "), here.counted());
        }
    }
}
