package io.readahead.os;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Proxy;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What pages that are still being read count for, where a file system can't say what is readable. */
class MincoreProbeTest {

    private static final long KIB = 1024;
    private static final long WINDOW = 1024 * KIB;
    private static final int ALL = (int) (WINDOW / 4096);

    /** A kernel that gives the same answer to each call of a name. */
    private static PageCacheProbe probe(Map<String, Number> answers) {
        return new PageCacheProbe((PosixLibrary) Proxy.newProxyInstance(PosixLibrary.class.getClassLoader(),
                new Class<?>[] {PosixLibrary.class}, (proxy, method, arguments) -> {
                    Number answer = answers.get(method.getName());
                    if (answer == null) {
                        throw new AssertionError("nobody may ask " + method.getName() + " here");
                    }
                    return method.getReturnType() == long.class ? (Object) answer.longValue() : (Object) answer.intValue();
                }));
    }

    @Test
    void absentPagesEndTheQuestion() {
        assertEquals(0, probe(Map.of("cachedPages", 0)).readablePrefix(3, 0, WINDOW));
    }

    @Test
    void wherePagesAreThereAndCanBeReadNobodyMapsAnything() {
        assertEquals(WINDOW, probe(Map.of("cachedPages", ALL, "readableNow", 1)).readablePrefix(3, 0, WINDOW));
    }

    @Test
    void whereTheFileSystemCannotSayPagesThatAreStillBeingReadDoNotCount() {
        Map<String, Number> hung = Map.of("cachedPages", ALL, "readableNow", -Errno.EOPNOTSUPP, "mincore", 0);
        assertEquals(0, probe(hung).readablePrefix(3, 0, WINDOW));
        Map<String, Number> begun = Map.of("cachedPages", ALL, "readableNow", -Errno.EOPNOTSUPP, "mincore", 40);
        assertEquals(160 * KIB, probe(begun).readablePrefix(3, 0, WINDOW));
        assertEquals(160 * KIB - 100, probe(begun).readablePrefix(3, 100, WINDOW - 100));
        Map<String, Number> hardlyBegun = Map.of("cachedPages", ALL, "readableNow", -Errno.EOPNOTSUPP, "mincore", 3);
        assertEquals(0, probe(hardlyBegun).readablePrefix(3, 0, WINDOW), "not worth a send of its own");
        Map<String, Number> ready = Map.of("cachedPages", ALL, "readableNow", -Errno.EOPNOTSUPP, "mincore", ALL);
        assertEquals(WINDOW, probe(ready).readablePrefix(3, 0, WINDOW));
    }

    @Test
    void whereMincoreCannotBeAskedEitherTheCountStands() {
        assertEquals(WINDOW, probe(Map.of("cachedPages", ALL, "readableNow", -Errno.EOPNOTSUPP, "mincore", -Errno.ENOSYS))
                .readablePrefix(3, 0, WINDOW));
    }

    @Test
    void whereNobodyCountsAndNobodyReadsNothingIsKnown() {
        PageCacheProbe probe = probe(Map.of("cachedPages", -Errno.ENOSYS, "readableNow", -Errno.ENOSYS));
        assertEquals("none", probe.selfTest(3, -1));
        assertEquals(Residency.UNKNOWN, probe.readablePrefix(3, 0, WINDOW));
    }
}
