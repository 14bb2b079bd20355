package io.readahead.start;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.readahead.adapter.Adapters;
import io.readahead.gate.Gate;
import io.readahead.gate.KeyQueue;
import io.readahead.jmx.JmxRegistration;
import io.readahead.observe.Counters;
import io.readahead.os.FakePosix;
import io.readahead.os.PageCacheProbe;
import io.readahead.os.Residency;
import io.readahead.os.StandingAnswers;
import io.readahead.transfer.Transfers;
import io.readahead.warmup.Budget;
import io.readahead.warmup.SourceFile;
import io.readahead.warmup.Warmup;
import io.readahead.warmup.WarmupPool;
import io.readahead.weave.CallSiteTransformer;
import io.readahead.weave.Implementers;
import io.readahead.weave.PackageFilter;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The end of an agent whose hooks could not be set: this JVM weaves nothing, as one whose selection keys have another shape. */
@Timeout(60)
class RunningAgentTest {

    @TempDir
    private Path folder;

    private final FakePosix posix = new FakePosix();
    private final Counters counters = new Counters();
    private final Budget budget = new Budget(1 << 20);
    private WarmupPool pool;
    private Path logFile;
    private RunningAgent agent;
    private Runnable hook;

    /** No class is loaded and none is changed. */
    private static Object answer(Object proxy, Method method, Object[] arguments) {
        if (method.getReturnType() == Class[].class) {
            return new Class<?>[0];
        }
        return method.getReturnType() == boolean.class ? Boolean.FALSE : null;
    }

    @BeforeEach
    void start() throws OptionException {
        pool = new WarmupPool(posix, counters, 1, Long.MAX_VALUE, 0);
        logFile = folder.resolve("log");
        Gate gate = new Gate(new KeyQueue() {
            @Override
            public SelectionKey[] keysOf(SelectableChannel channel) {
                return null;
            }

            @Override
            public void queue(SelectionKey key) {
                throw new IllegalStateException("there is no key");
            }
        });
        Residency unknown = (fd, position, length) -> Residency.UNKNOWN;
        Transfers transfers = new Transfers(new Transfers.Rooms(posix, unknown, pool, budget, counters, gate,
                new Adapters(List.of())), 1 << 20, false, failure -> { });
        Instrumentation instrumentation = (Instrumentation) Proxy.newProxyInstance(getClass().getClassLoader(),
                new Class<?>[] {Instrumentation.class}, RunningAgentTest::answer);
        NothingHelped nothingHelped = new NothingHelped(counters, "none", line -> { }, System::nanoTime);
        Figures figures = new Figures("test", AgentOptions.parse("", new Properties()), counters, pool, budget, nothingHelped);
        // No natives: releasing them would interrupt threads of this JVM that are none of ours. That step fails and is logged.
        Log log = new Log(logFile.toString(), Log.Level.INFO);
        agent = new RunningAgent(instrumentation, log, counters, new Helping(instrumentation, log, figures, nothingHelped, null, pool,
                transfers, new PageCacheProbe(posix), new StandingAnswers(unknown), new JmxRegistration(() -> null, line -> { })),
                beforeFirst -> {
                    hook = beforeFirst;
                    return new CallSiteTransformer(new PackageFilter(List.of("none")), Implementers.NONE, List.of(), beforeFirst,
                            line -> { }, line -> { }, (site, met) -> { });
                }, line -> { });
    }

    private String log() throws IOException {
        return Files.readString(logFile);
    }

    @Test
    void hooksThatCannotBeSetAreSaidAndEverythingPasses() throws IOException {
        hook.run();
        assertTrue(log().contains("INACTIVE, every call passes through"), log());
    }

    @Test
    void itCanBeTakenOffThoughItsHooksWereNeverSet() throws Exception {
        hook.run();
        agent.close();
        assertTrue(log().contains("DETACHED"), log());
        assertEquals(0, posix.openNow(), "the pool was stopped too");
        try (FileChannel file = FileChannel.open(Files.createFile(folder.resolve("file")))) {
            Warmup late = new Warmup(new SourceFile(file, 1), Warmup.Range.announced(0, 1), false, System::nanoTime, () -> { });
            assertThrows(IllegalStateException.class, () -> pool.submit(late));
        }
    }

    @Test
    void itIsTakenOffOnce() throws Exception {
        agent.close();
        agent.close();
        assertEquals(1, log().split("DETACHED", -1).length - 1, log());
    }

    @Test
    void afterwardsNoHookIsSet() throws Exception {
        agent.close();
        hook.run();
        assertTrue(!log().contains("INACTIVE"), log());
    }
}
