package io.readahead.weave;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.readahead.bridge.ReadaheadBridge;
import io.readahead.bridge.ReadaheadHooks;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a region as a server has it, below another package: a 0 that the agent said is no short file. */
class ThrowUnlessLaterTest {

    private static final String NAME = "io/readahead/server/netty/fake/io/netty/channel/DefaultFileRegion";
    private static final long FILE_BYTES = 100;
    private static final long FIRST = 10;
    private static final long BEHIND = 20;

    @TempDir
    private Path folder;

    private final Recipe recipe = new ThrowUnlessLater("io/netty/channel/DefaultFileRegion", "validate", "file", "position",
            "static validate(DefaultFileRegion region, long position)").recipe(0);
    private final ClassLoader loader = getClass().getClassLoader();
    private byte[] region;

    @BeforeEach
    void read() throws IOException {
        try (InputStream in = loader.getResourceAsStream(NAME + ".class")) {
            region = in.readAllBytes();
        }
    }

    private static final class OneClass extends ClassLoader {

        OneClass() {
            super(ThrowUnlessLaterTest.class.getClassLoader());
        }

        Class<?> define(byte[] classFile) {
            return defineClass(null, classFile, 0, classFile.length);
        }
    }

    /** What a region that is one byte longer than its file says of a 0 behind its first bytes; null for nothing. */
    private Throwable saidOfNothing(byte[] classFile, ReadaheadHooks hooks) throws ReflectiveOperationException, IOException {
        Class<?> type = new OneClass().define(classFile);
        Method validate = type.getDeclaredMethod("validate", type, long.class);
        validate.setAccessible(true);
        try (FileChannel file = FileChannel.open(Files.write(folder.resolve("file"), new byte[(int) FILE_BYTES]))) {
            Object longer = type.getConstructor(FileChannel.class, long.class, long.class)
                    .newInstance(file, FIRST, FILE_BYTES - FIRST + 1);
            install(hooks);
            validate.invoke(null, longer, BEHIND);
            return null;
        } catch (InvocationTargetException thrown) {
            return thrown.getCause();
        } finally {
            install(null);
        }
    }

    private static void install(ReadaheadHooks hooks) throws ReflectiveOperationException {
        Method install = ReadaheadBridge.class.getDeclaredMethod("install", ReadaheadHooks.class);
        install.setAccessible(true);
        install.invoke(null, hooks);
    }

    private static ReadaheadHooks saying(boolean later, List<Object> asked) {
        return (ReadaheadHooks) Proxy.newProxyInstance(ThrowUnlessLaterTest.class.getClassLoader(), new Class<?>[] {ReadaheadHooks.class},
                (proxy, method, arguments) -> {
                    asked.add(method.getName() + " " + arguments[1]);
                    return later;
                });
    }

    @Test
    void aZeroThatTheAgentSaidIsNoShortFile() throws Exception {
        List<Object> asked = new ArrayList<>();
        assertNull(saidOfNothing(recipe.weave(loader, region), saying(true, asked)));
        assertEquals(List.of("saidLater " + (FIRST + BEHIND)), asked, "asked with the position in the file");
        assertInstanceOf(IOException.class, saidOfNothing(region, saying(true, asked)), "control: as it is, it is one");
    }

    @Test
    void anyOtherZeroIsOneAndThrowsWhatItAlwaysThrew() throws Exception {
        byte[] woven = recipe.weave(loader, region);
        String always = saidOfNothing(region, null).toString();
        assertTrue(always.contains("smaller then requested count"), always);
        assertEquals(always, saidOfNothing(woven, saying(false, new ArrayList<>())).toString());
        assertEquals(always, saidOfNothing(woven, null).toString(), "with no hooks");
    }

    @Test
    void theCallOfTransferToIsRewrittenAsAnyOther() throws Exception {
        byte[] woven = new TransferToRecipe().weave(loader, recipe.weave(loader, region));
        Class<?> type = new OneClass().define(woven);
        assertTrue(SendingClass.calls(woven).contains(ReadaheadBridge.class.getName().replace('.', '/') + ".transferTo"));
        try (FileChannel file = FileChannel.open(Files.write(folder.resolve("file"), new byte[(int) FILE_BYTES]))) {
            Object exact = type.getConstructor(FileChannel.class, long.class, long.class).newInstance(file, FIRST, FILE_BYTES - FIRST);
            assertEquals(FILE_BYTES - FIRST - BEHIND, type.getMethod("transferTo", WritableByteChannel.class, long.class)
                    .invoke(exact, Channels.newChannel(OutputStream.nullOutputStream()), BEHIND));
        }
    }

    @Test
    void itConcernsARegionThatSendsAndNothingElse() {
        assertTrue(recipe.concerns(NAME, region));
        assertTrue(recipe.concerns("io/netty/channel/DefaultFileRegion", region));
        assertFalse(recipe.concerns("io/netty/channel/FileRegion", region));
        assertFalse(recipe.concerns(NAME, SendingClass.calling(Opcodes.INVOKEVIRTUAL, Ancestry.FILE_CHANNEL, "other", "()J")));
    }

    @Test
    void oneThatChecksNothingStaysAsItIs() throws Exception {
        assertNull(recipe.weave(loader, region("check", Opcodes.ACC_STATIC, code -> code.visitInsn(Opcodes.RETURN))));
    }

    @Test
    void oneThatChecksInAnotherWayStaysAsItIs() {
        assertWrong(Opcodes.ACC_STATIC, code -> code.visitInsn(Opcodes.RETURN));
        assertWrong(Opcodes.ACC_STATIC, code -> {
            failure(code);
            code.visitInsn(Opcodes.ATHROW);
        });
        assertWrong(Opcodes.ACC_STATIC, code -> {
            looks(code, 0);
            code.visitInsn(Opcodes.LCONST_0);
            code.visitVarInsn(Opcodes.LSTORE, 1);
            code.visitVarInsn(Opcodes.LLOAD, 1);
            code.visitInsn(Opcodes.POP2);
            failure(code);
            code.visitInsn(Opcodes.ATHROW);
        });
        assertWrong(0, code -> {
            looks(code, 1);
            code.visitVarInsn(Opcodes.LLOAD, 2);
            code.visitInsn(Opcodes.POP2);
            failure(code);
            code.visitInsn(Opcodes.ATHROW);
        });
    }

    private void assertWrong(int access, Consumer<MethodVisitor> body) {
        byte[] other = region("validate", access, body);
        assertNull(Woven.refusal(other), "the JVM has nothing against it");
        WrongShapeException wrong = assertThrows(WrongShapeException.class, () -> recipe.weave(loader, other));
        assertTrue(wrong.getMessage().contains("validate(DefaultFileRegion region, long position)"), wrong.getMessage());
    }

    private static void looks(MethodVisitor code, int regionSlot) {
        code.visitVarInsn(Opcodes.ALOAD, regionSlot);
        code.visitFieldInsn(Opcodes.GETFIELD, NAME, "file", "Ljava/nio/channels/FileChannel;");
        code.visitInsn(Opcodes.POP);
        code.visitVarInsn(Opcodes.ALOAD, regionSlot);
        code.visitFieldInsn(Opcodes.GETFIELD, NAME, "position", "J");
        code.visitInsn(Opcodes.POP2);
    }

    private static void failure(MethodVisitor code) {
        code.visitTypeInsn(Opcodes.NEW, "java/io/IOException");
        code.visitInsn(Opcodes.DUP);
        code.visitMethodInsn(Opcodes.INVOKESPECIAL, "java/io/IOException", "<init>", "()V", false);
    }

    /** The region with another method in place of validate. */
    private byte[] region(String name, int access, Consumer<MethodVisitor> body) {
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        new ClassReader(region).accept(new ClassVisitor(ClassFiles.ASM_API, writer) {
            @Override
            public MethodVisitor visitMethod(int original, String method, String descriptor, String signature, String[] exceptions) {
                if (!method.equals("validate")) {
                    return super.visitMethod(original, method, descriptor, signature, exceptions);
                }
                MethodVisitor code = super.visitMethod(access, name, descriptor, signature, exceptions);
                code.visitCode();
                body.accept(code);
                code.visitMaxs(0, 0);
                code.visitEnd();
                return null;
            }
        }, 0);
        return writer.toByteArray();
    }
}
