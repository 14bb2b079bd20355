package io.readahead;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.readahead.gate.BrokenGateStress;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.infra.StateCase;
import org.openjdk.jcstress.infra.Status;
import org.openjdk.jcstress.infra.TestInfo;
import org.openjdk.jcstress.infra.collectors.TestResult;
import org.openjdk.jcstress.infra.runners.ForkedTestConfig;
import org.openjdk.jcstress.infra.runners.Runner;
import org.openjdk.jcstress.infra.runners.SpinLoopStyle;
import org.openjdk.jcstress.infra.runners.TestList;

/**
 * Every hand-over between threads, tried some hundred thousand times: each jcstress test of the agent ({@code *Stress}) as a test of
 * its own.
 *
 * <p>They run in this JVM, by the runners that jcstress generated. Its own harness starts some 25 JVMs to find out about the host
 * and one for each test: two minutes, which only the matrix takes ({@code ForkedHandOverTest}).
 */
class HandOverTest {

    /** Milliseconds for each test. */
    private static final int MILLIS = Integer.getInteger("readahead.stress.millis", 700);
    private static final int CONTROL_MILLIS = 500;
    private static final int CONTROL_TRIES = 40;
    private static final int MAX_FOOTPRINT_MB = 64;
    private static final int STRIDE_SIZE = 256;
    private static final int STRIDE_COUNT = 10;
    private static final String CONTROL = BrokenGateStress.class.getSimpleName();

    @TestFactory
    Stream<DynamicTest> noWakeUpIsLostAndNothingIsLeftBehind() {
        return TestList.tests().stream().filter(name -> !name.endsWith(CONTROL))
                .map(name -> dynamicTest(name.substring(name.lastIndexOf('.') + 1), () -> {
                    TestResult result = run(name, MILLIS);
                    assertEquals(Status.NORMAL, result.status(), () -> name + ": " + result.getMessages());
                    System.out.println(name.substring(name.lastIndexOf('.') + 1) + " " + seen(result));
                    assertEquals(List.of(), forbidden(name, result), () -> name + " ended so, out of " + seen(result));
                }));
    }

    @Test
    void aGateThatLosesAWakeUpIsFoundOut() throws Exception {
        String control = TestList.tests().stream().filter(name -> name.endsWith(CONTROL)).findFirst().orElseThrow();
        List<String> found = List.of();
        for (int i = 0; i < CONTROL_TRIES && found.isEmpty(); i++) {
            found = forbidden(control, run(control, CONTROL_MILLIS));
        }
        assertFalse(found.isEmpty(), "the control did not fail: these tests prove nothing here");
        assertTrue(found.get(0).contains("lost"), found.get(0));
    }

    private static TestResult run(String name, int millis) throws Exception {
        Class<?> runner = Class.forName(TestList.getInfo(name).generatedRunner());
        return ((Runner<?>) runner.getConstructor(ForkedTestConfig.class).newInstance(config(runner.getName(), millis))).run();
    }

    /** As jcstress sends it to a JVM that it forked. */
    private static ForkedTestConfig config(String runner, int millis) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(SpinLoopStyle.THREAD_SPIN_WAIT.ordinal());
        out.writeInt(millis);
        out.writeInt(1);
        out.writeUTF(runner);
        out.writeInt(MAX_FOOTPRINT_MB);
        out.writeInt(STRIDE_SIZE);
        out.writeInt(STRIDE_COUNT);
        out.writeBoolean(false);
        return new ForkedTestConfig(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
    }

    private static List<String> forbidden(String name, TestResult result) {
        TestInfo info = TestList.getInfo(name);
        return result.getStateKeys().stream().filter(state -> caseOf(info, state).expect() == Expect.FORBIDDEN)
                .map(state -> state + ": " + caseOf(info, state).description()).sorted().toList();
    }

    private static StateCase caseOf(TestInfo info, String state) {
        return info.cases().stream().filter(one -> one.matchesExactly(state)).findFirst()
                .or(() -> info.cases().stream().filter(one -> one.matches(state)).findFirst())
                .orElse(info.unmatched());
    }

    private static TreeMap<String, Long> seen(TestResult result) {
        TreeMap<String, Long> seen = new TreeMap<>();
        result.getStateKeys().forEach(state -> seen.put(state, result.getCount(state)));
        return seen;
    }
}
