package io.readahead.warmup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.readahead.Seed;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Order and fairness of one lane. Most tests have no worker and no clock: the test is the worker. */
@Timeout(60)
class LaneTest {

    private static final int NO_WORKERS = 0;
    private static final int MANY = 2000;

    private final List<String> done = new ArrayList<>();
    private final Lane lane = new Lane("lane", NO_WORKERS, warmup -> done.add(Long.toString(warmup.offset)));

    private static Warmup parked(long name) {
        return new Warmup(null, Warmup.Range.announced(name, 1), false, System::nanoTime, () -> { });
    }

    private static Warmup speculative(long name) {
        return new Warmup(null, Warmup.Range.announced(name, 1), true, System::nanoTime, () -> { });
    }

    private void performAll() {
        while (lane.performNext()) {
            assertTrue(done.size() <= 10 * MANY, "a queue that never ends");
        }
    }

    @Test
    void parkedReadersGoFirstInTheirOrderAndThenSpeculation() {
        lane.submit(speculative(1));
        lane.submit(parked(2));
        lane.submit(parked(3));
        lane.submit(speculative(4));
        performAll();
        assertEquals(List.of("2", "3", "1", "4"), done);
    }

    @Test
    void aPromotedWindowGoesBehindThoseWhoWaitedBefore() {
        Warmup promoted = speculative(1);
        lane.submit(promoted);
        lane.submit(speculative(2));
        lane.submit(parked(3));
        lane.promote(promoted);
        lane.promote(promoted);
        lane.submit(parked(4));
        performAll();
        assertEquals(List.of("3", "1", "4", "2"), done);
    }

    @Test
    void whatAWorkerHasCanBeNeitherTakenBackNorPromoted() {
        Warmup running = speculative(1);
        Warmup queued = parked(2);
        lane.submit(running);
        assertTrue(lane.performNext());
        lane.promote(running);
        assertFalse(lane.cancel(running));
        lane.submit(queued);
        assertTrue(lane.cancel(queued));
        assertFalse(lane.cancel(queued), "a second time");
        assertFalse(lane.performNext());
        assertEquals(List.of("1"), done);
    }

    /** A seeded crowd: at each step somebody comes or somebody is served. */
    @Test
    void amongParkedReadersNobodyIsOvertaken() {
        long seed = Seed.get();
        Random random = new Random(seed);
        List<String> order = new ArrayList<>();
        List<Warmup> speculations = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            switch (random.nextInt(4)) {
                case 0 -> lane.performNext();
                case 1 -> {
                    speculations.add(speculative(i));
                    lane.submit(speculations.get(speculations.size() - 1));
                }
                case 2 -> {
                    if (!speculations.isEmpty()) {
                        Warmup one = speculations.remove(random.nextInt(speculations.size()));
                        if (one.state == Warmup.State.QUEUED) {
                            lane.promote(one);
                            order.add(Long.toString(one.offset));
                        }
                    }
                }
                default -> {
                    lane.submit(parked(i));
                    order.add(Long.toString(i));
                }
            }
        }
        performAll();
        done.retainAll(new HashSet<>(order));
        assertEquals(order, done, "-Dreadahead.test.seed=" + seed);
    }

    @Test
    void aStoppedLaneHandsBackWhatIsQueuedAndRefusesMore() {
        Warmup first = parked(1);
        Warmup second = speculative(2);
        lane.submit(second);
        lane.submit(first);
        assertEquals(List.of(first, second), lane.stop());
        assertThrows(IllegalStateException.class, () -> lane.submit(parked(3)));
        assertFalse(lane.performNext());
    }

    @Test
    void twoThatComeAtOnceGetAWorkerEachThoughOneIsIdle() throws Exception {
        CountDownLatch firstIsStuck = new CountDownLatch(1);
        CountDownLatch letGo = new CountDownLatch(1);
        CountDownLatch secondIsRead = new CountDownLatch(1);
        Lane threaded = new Lane("lane", 2, warmup -> {
            if (warmup.offset == 1) {
                firstIsStuck.countDown();
                awaitQuietly(letGo);
            } else if (warmup.offset == 2) {
                secondIsRead.countDown();
            }
        });
        try {
            threaded.submit(parked(0));
            while (!inLane(threaded, () -> threaded.idle > 0)) {
                Thread.sleep(1);
            }
            // In one piece, so that the idle worker can't run between the two.
            inLane(threaded, () -> {
                threaded.submit(parked(1));
                threaded.submit(parked(2));
                return true;
            });
            assertTrue(firstIsStuck.await(20, TimeUnit.SECONDS));
            assertTrue(secondIsRead.await(20, TimeUnit.SECONDS), "it waits behind a read that hangs, with room for a worker of its own");
        } finally {
            letGo.countDown();
            threaded.stop();
        }
    }

    @Test
    void aReaderThatBreaksCostsNoWorker() throws Exception {
        CountDownLatch ten = new CountDownLatch(10);
        Lane threaded = new Lane("lane", 1, warmup -> {
            ten.countDown();
            throw new IllegalStateException("broken on purpose");
        });
        for (int i = 0; i < 10; i++) {
            threaded.submit(parked(i));
        }
        assertTrue(ten.await(20, TimeUnit.SECONDS));
        assertEquals(1, threaded.workers());
        threaded.stop();
    }

    @Test
    void aLaneGivesUpThreadsToOthersAndNotThoseThatAreStuck() throws Exception {
        Crew crew = new Crew(2);
        CountDownLatch letGo = new CountDownLatch(1);
        Lane first = new Lane("first", 3, crew, warmup -> {
            if (warmup.offset == 1) {
                awaitQuietly(letGo);
            }
        });
        Lane second = new Lane("second", 3, crew, warmup -> { });
        try {
            inLane(first, () -> {
                first.submit(parked(1));
                first.submit(parked(1));
                first.submit(parked(1));
                return true;
            });
            assertEquals(3, first.workers());
            second.submit(parked(2));
            assertEquals(2, crew.share(), "of each of two");
            letGo.countDown();
            while (first.workers() > 2) {
                first.submit(parked(2));
                Thread.sleep(1);
            }
            while (first.queued() > 0) {
                Thread.sleep(1);    // who is left does what is left
            }
            assertEquals(2, first.workers());
        } finally {
            letGo.countDown();
            first.stop();
            second.stop();
        }
    }

    private static boolean inLane(Lane lane, BooleanSupplier step) {
        synchronized (lane) {
            return step.getAsBoolean();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
