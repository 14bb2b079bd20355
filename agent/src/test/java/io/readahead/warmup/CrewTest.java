package io.readahead.warmup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CrewTest {

    private final Crew crew = new Crew(4);

    @Test
    void eachLaneHasOneThreadHoweverManyThereAre() {
        for (int lane = 0; lane < 100; lane++) {
            assertTrue(crew.tryTake(0));
        }
        assertEquals(1, crew.share());
        assertFalse(crew.tryTake(1));
    }

    @Test
    void theFewThatWorkHaveAllAndInAllThereAreNoMore() {
        assertTrue(crew.tryTake(0));
        for (int threads = 1; threads <= 4; threads++) {
            assertTrue(crew.tryTake(threads));
        }
        assertFalse(crew.tryTake(5));
        assertTrue(crew.tryTake(0), "another lane");
        assertFalse(crew.tryTake(1), "the first has taken all");
        crew.give(4);
        assertTrue(crew.tryTake(1));
    }

    @Test
    void whatIsGivenBackCanBeTakenAgain() {
        assertTrue(crew.tryTake(0));
        assertTrue(crew.tryTake(1));
        crew.give(1);
        crew.give(0);
        assertEquals(5, crew.share());
        theFewThatWorkHaveAllAndInAllThereAreNoMore();
    }
}
