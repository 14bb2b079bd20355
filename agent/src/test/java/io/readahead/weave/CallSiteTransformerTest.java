package io.readahead.weave;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import net.bytebuddy.jar.asm.Opcodes;
import org.junit.jupiter.api.Test;

class CallSiteTransformerTest {

    private static final byte[] SENDS = SendingClass.calling(Opcodes.INVOKEVIRTUAL, Ancestry.FILE_CHANNEL, ConstantPoolScan.METHOD,
            ConstantPoolScan.DESCRIPTOR);
    private static final byte[] SENDS_NOT = SendingClass.calling(Opcodes.INVOKEVIRTUAL, Ancestry.FILE_CHANNEL, "other", "()J");
    /** Neither the agent's own loader nor anybody's. */
    private static final ClassLoader THEIRS = new ClassLoader(CallSiteTransformerTest.class.getClassLoader()) {
    };

    private final List<String> reports = new ArrayList<>();
    private final List<String> notWoven = new ArrayList<>();
    private final AtomicInteger hooked = new AtomicInteger();
    private final List<Recipe> recipes =
            Recipes.of(List.of(List.of(new AskBeforeRead("made/by/Known", "send()V", "one call of read(ByteBuffer)"))), List.of(),
                    PackageFilter.NOTHING);
    private final CallSiteTransformer transformer = new CallSiteTransformer(new PackageFilter(List.of("made.by", "*.made.by")),
            Implementers.NONE, recipes, hooked::incrementAndGet, reports::add, line -> { }, this::notWoven);

    private void notWoven(String site, String met) {
        notWoven.add(site + " " + met);
    }

    private byte[] transform(String name, byte[] file) {
        return transformer.transform(THEIRS, name, null, null, file);
    }

    @Test
    void aClassOfTheChosenPackagesIsWovenWhenTheHooksAreSet() {
        assertNotNull(transform(SendingClass.NAME, SENDS));
        assertEquals(1, hooked.get());
        assertTrue(transformer.wove("made.by.Hand"));
        assertFalse(transformer.wove("made.by.Other"));
    }

    @Test
    void theFileThatWasHandedInIsNotWrittenTo() {
        byte[] copy = SENDS.clone();
        transform(SendingClass.NAME, copy);
        assertTrue(Arrays.equals(SENDS, copy));
    }

    @Test
    void allElseStaysAsItIsAndSetsNoHooks() {
        assertNull(transform("other/Class", SENDS), "another package");
        assertNull(transform(SendingClass.NAME, SENDS_NOT), "no call");
        assertNull(transform(null, SENDS), "a class without a name");
        assertNull(transformer.transform(CallSiteTransformer.class.getClassLoader(), SendingClass.NAME, null, null, SENDS), "ours");
        assertEquals(0, hooked.get());
        assertEquals(List.of(), reports);
        assertEquals(List.of(), notWoven);
    }

    @Test
    void whatCannotBeWovenStaysAsItIsAndIsReported() {
        assertNull(transform(SendingClass.NAME, Arrays.copyOf(SENDS, SENDS.length - 30)));
        assertEquals(1, reports.size());
        assertEquals(List.of("made.by.Hand made.by.Hand"), notWoven);
        assertTrue(reports.get(0).contains("made.by.Hand could not be woven and stays as it is"), reports.get(0));
    }

    @Test
    void aCallOnAClassWhoseFileIsNotToBeHadAndAMethodReferenceAreToldOf() {
        byte[] file = SendingClass.calling(Opcodes.INVOKEVIRTUAL, "their/Hidden", ConstantPoolScan.METHOD, ConstantPoolScan.DESCRIPTOR);
        assertNull(transform(SendingClass.NAME, file));
        assertNull(transform(SendingClass.NAME, SendingClass.referring()));
        assertEquals(List.of("made.by.Hand.send their.Hidden", "made.by.Hand.send java.lang.invoke.MethodHandle"), notWoven);
        assertEquals(List.of(), reports);
    }

    @Test
    void hooksThatCannotBeSetLeaveTheClassAsItIs() {
        CallSiteTransformer broken = new CallSiteTransformer(new PackageFilter(List.of("made.by")), Implementers.NONE, recipes, () -> {
            throw new IllegalStateException("broken on purpose");
        }, reports::add, line -> { }, this::notWoven);
        assertNull(broken.transform(THEIRS, SendingClass.NAME, null, null, SENDS));
        assertTrue(reports.get(0).contains("broken on purpose"), reports.get(0));
        assertFalse(broken.wove("made.by.Hand"));
    }

    @Test
    void aClassWithTheNameOfOneThatIsKnownAndAnotherShapeIsReportedWithWhatIsMissing() {
        assertNull(transform("x/made/by/Known", SENDS_NOT));
        assertTrue(reports.get(0).contains("one call of read(ByteBuffer)"), reports.get(0));
    }

    @Test
    void aLoadedClassIsConcernedByItsFileOrWhereThatIsNotToBeHad() {
        assertTrue(transformer.mayConcern("made.by.Hand", () -> false, () -> SENDS));
        assertFalse(transformer.mayConcern("made.by.Hand", () -> false, () -> SENDS_NOT));
        assertTrue(transformer.mayConcern("made.by.Hand", () -> false, () -> null));
        assertTrue(transformer.mayConcern("other.Class", () -> true, () -> SENDS));
        assertFalse(transformer.mayConcern("other.Class", () -> false, () -> {
            throw new IllegalStateException("no file is read for a class of another package");
        }));
    }
}
