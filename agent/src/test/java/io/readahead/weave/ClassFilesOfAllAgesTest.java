package io.readahead.weave;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodTooLargeException;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Class files of every version and of odd shapes are woven so that the JVM verifies and runs them as before, or stay as they are. */
class ClassFilesOfAllAgesTest {

    private static final int FIRST_MAJOR = 46;
    /** Java 1 is 45. */
    private static final int MAJOR_OF_JAVA_0 = 44;
    private static final int MAJOR_BYTE = 7;
    private static final int LARGEST_POOL = 65_535;
    private static final int LARGEST_METHOD = 65_535;
    private static final int LARGEST_JUMP = 32_767;

    @TempDir
    private static Path folder;

    private static Path file;

    @BeforeAll
    static void writeFile() throws IOException {
        file = Files.write(folder.resolve("file"), new byte[(int) Samples.COUNT * 2]);
    }

    /** From JDK 1.1 to the newest that this JVM loads. */
    static IntStream versions() {
        return IntStream.concat(IntStream.of(Samples.JAVA_1_1),
                IntStream.rangeClosed(FIRST_MAJOR, MAJOR_OF_JAVA_0 + Runtime.version().feature()));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void everyVersionIsWovenAndRunsAsBefore(int version) throws Exception {
        assertWovenAndSame("age/Sample", Samples.everyPlace("age/Sample", version));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void controlWithoutTheRaisedStackTheJvmRefusesIt(int version) {
        byte[] woven = new Woven("age/Sample", Samples.everyPlace("age/Sample", version)).changed();
        assertNull(Woven.refusal(woven));
        assertInstanceOf(VerifyError.class, Woven.refusal(withStack(woven, stack -> stack - 1)));
    }

    @Test
    void oneOlderThanThoseOfJdk11StaysAsItIs() {
        Woven woven = new Woven("age/Sample", Samples.everyPlace("age/Sample", 2 << 16 | 45));
        assertNull(woven.changed());
        assertEquals(1, woven.reports().size());
    }

    @Test
    void allButTheCodeOfTheMethodsThatCallKeepsItsBytes() throws Exception {
        byte[] original;
        try (InputStream in = ClassFilesOfAllAgesTest.class.getResourceAsStream("CompiledSample.class")) {
            original = in.readAllBytes();
        }
        byte[] woven = new Woven("age/Sample", original).changed();
        ClassFileLayout before = new ClassFileLayout(original);
        ClassFileLayout after = new ClassFileLayout(woven);
        assertEquals(before.methods(), after.methods());
        int changed = 0;
        for (int method = 0; method < before.methods(); method++) {
            byte[] was = Arrays.copyOfRange(original, before.method(method), before.method(method + 1));
            byte[] is = Arrays.copyOfRange(woven, after.method(method), after.method(method + 1));
            changed += Arrays.equals(was, is) ? 0 : 1;
        }
        assertEquals(2, changed, "the method that calls, and its lambda");
        assertArrayEquals(Arrays.copyOfRange(original, before.poolEnd(), before.method(0)),
                Arrays.copyOfRange(woven, after.poolEnd(), after.method(0)), "flags, names and fields");
        assertArrayEquals(Arrays.copyOfRange(original, before.method(before.methods()), original.length),
                Arrays.copyOfRange(woven, after.method(after.methods()), woven.length), "attributes of the class");
    }

    @Test
    void aVersionThatTheReaderDoesNotKnowStaysAsItIs() {
        byte[] newer = Samples.everyPlace("age/Sample", Opcodes.V17);
        newer[MAJOR_BYTE] = 120;
        Woven woven = new Woven("age/Sample", newer);
        assertNull(woven.changed());
        assertTrue(woven.reports().get(0).contains("age.Sample") && woven.reports().get(0).contains("120"), woven.reports()::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a/a", "a/\u65e5\u672c", "a/-", "a/b$$c$", "a/if", "a/\ud83d\ude80", "a/ ", "a/1"})
    void obfuscatedNamesAreWoven(String internalName) throws Exception {
        assertWovenAndSame(internalName, Samples.everyPlace(internalName, Opcodes.V17));
    }

    @Test
    void aMethodNameThatLeavesNoRoomForItsClassStaysAsItIs() {
        byte[] longest = Samples.one("age/Sample", Opcodes.V17, "m".repeat(LARGEST_POOL), code -> {
            Samples.call(code);
            code.visitInsn(Opcodes.LRETURN);
        });
        assertNull(Woven.refusal(longest), "the JVM has nothing against it");
        Woven woven = new Woven("age/Sample", longest);
        assertNull(woven.changed());
        assertEquals(1, woven.reports().size());
    }

    @Test
    void aFullConstantPoolStaysAsItIsAndOneWithRoomIsWoven() throws Exception {
        int others = new ClassReader(Samples.crowded("age/Sample", 0)).getItemCount();
        int woven = 0;
        int left = 0;
        for (int room = 0; room < 20; room++) {
            byte[] crowded = Samples.crowded("age/Sample", LARGEST_POOL - others - room);
            if (assertWovenOrLeft(crowded)) {
                woven++;
            } else {
                left++;
            }
        }
        assertTrue(woven > 0 && left > 0, "both sides of the limit: " + woven + " " + left);
    }

    @Test
    void aMethodWhoseStackCanGrowNoMoreStaysAsItIs() {
        byte[] largest = Samples.everyPlace("age/Sample", Opcodes.V1_4);
        byte[] full = withStack(largest, stack -> LARGEST_POOL);
        assertNull(Woven.refusal(full), "the JVM has nothing against it");
        Woven woven = new Woven("age/Sample", full);
        assertNull(woven.changed());
        assertEquals(1, woven.reports().size());
    }

    @ParameterizedTest
    @ValueSource(ints = {Samples.JAVA_1_1, Opcodes.V1_6, Opcodes.V17})
    void aMethodAtTheLimitStaysAsItIsAndAShorterOneIsWoven(int version) throws Exception {
        int woven = 0;
        int left = 0;
        for (int padding = LARGEST_METHOD - 40; padding < LARGEST_METHOD; padding++) {
            byte[] method = longMethodOrNull(version, padding);
            if (method == null) {
                continue;
            }
            if (assertWovenOrLeft(method)) {
                woven++;
            } else {
                left++;
            }
        }
        assertTrue(woven > 0 && left > 0, "both sides of the limit: " + woven + " " + left);
    }

    @ParameterizedTest
    @ValueSource(ints = {Samples.JAVA_1_1, Opcodes.V1_6, Opcodes.V17})
    void aJumpThatBecomesTooFarIsWoven(int version) throws Exception {
        for (int padding = LARGEST_JUMP - 16; padding < LARGEST_JUMP + 4; padding++) {
            assertWovenAndSame("age/Sample", Samples.longMethod("age/Sample", version, padding));
        }
    }

    /** Null where even without us it would be too long. */
    private static byte[] longMethodOrNull(int version, int padding) {
        try {
            return Samples.longMethod("age/Sample", version, padding);
        } catch (MethodTooLargeException ignored) {
            return null;
        }
    }

    private static void assertWovenAndSame(String internalName, byte[] classFile) throws Exception {
        Woven woven = new Woven(internalName, classFile);
        assertNotNull(woven.changed(), woven.reports()::toString);
        assertTrue(woven.callsTheBridge());
        assertNull(Woven.refusal(woven.changed()));
        assertEquals(woven.originalOutcome(file), Woven.outcome(woven.changed(), file));
    }

    /** Returns whether it was woven; what was left must have been told of. */
    private static boolean assertWovenOrLeft(byte[] classFile) throws Exception {
        assertNull(Woven.refusal(classFile), "the JVM has nothing against the original");
        Woven woven = new Woven("age/Sample", classFile);
        if (woven.changed() == null) {
            assertTrue(woven.reports().get(0).contains("age.Sample"), woven.reports()::toString);
            return false;
        }
        assertWovenAndSame("age/Sample", classFile);
        return true;
    }

    private static byte[] withStack(byte[] classFile, IntUnaryOperator change) {
        ClassReader reader = new ClassReader(classFile);
        ClassWriter writer = new ClassWriter(0);
        reader.accept(new ClassVisitor(ClassFiles.ASM_API, writer) {
            @Override
            public MethodVisitor visitMethod(int access, String name, String descriptor, String signature, String[] exceptions) {
                return new MethodVisitor(ClassFiles.ASM_API, super.visitMethod(access, name, descriptor, signature, exceptions)) {
                    @Override
                    public void visitMaxs(int maxStack, int maxLocals) {
                        super.visitMaxs(name.equals("deep") ? change.applyAsInt(maxStack) : maxStack, maxLocals);
                    }
                };
            }
        }, 0);
        return writer.toByteArray();
    }
}
