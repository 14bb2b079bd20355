package io.readahead.weave;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.readahead.bridge.ReadaheadBridge;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.Opcodes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On class files made by hand. The bridge has its own package here, and no hooks: it passes through. */
class TransferToRecipeTest {

    private static final String FILE_CHANNEL = "java/nio/channels/FileChannel";
    private static final String BRIDGE = ReadaheadBridge.class.getName().replace('.', '/') + ".transferTo";

    @TempDir
    private Path folder;

    private final TransferToRecipe recipe = new TransferToRecipe();
    private final ClassLoader loader = getClass().getClassLoader();

    /** Defines one class. */
    private static final class OneClass extends ClassLoader {

        Class<?> define(byte[] classFile) {
            return defineClass(SendingClass.NAME.replace('/', '.'), classFile, 0, classFile.length);
        }
    }

    /** A loader that has the files of some more classes, and loads none of them. */
    private static final class FilesOnly extends ClassLoader {
        private final Map<String, byte[]> files;

        FilesOnly(Map<String, byte[]> files) {
            super(null);
            this.files = files;
        }

        @Override
        public InputStream getResourceAsStream(String name) {
            return files.containsKey(name) ? new ByteArrayInputStream(files.get(name)) : super.getResourceAsStream(name);
        }
    }

    private byte[] woven(String owner) {
        return recipe.weave(loader, calling(owner));
    }

    private static byte[] calling(String owner) {
        return SendingClass.calling(Opcodes.INVOKEVIRTUAL, owner, ConstantPoolScan.METHOD, ConstantPoolScan.DESCRIPTOR);
    }

    @Test
    void theCallGoesToTheBridge() {
        assertTrue(recipe.concerns(SendingClass.NAME, calling(FILE_CHANNEL)));
        assertEquals(List.of(BRIDGE), SendingClass.calls(woven(FILE_CHANNEL)));
    }

    @Test
    void theWovenClassVerifiesAndSendsAsBefore() throws Exception {
        byte[] content = "what is sent".getBytes(StandardCharsets.UTF_8);
        Method send = new OneClass().define(woven(FILE_CHANNEL))
                .getMethod("send", FileChannel.class, long.class, long.class, WritableByteChannel.class);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (FileChannel file = FileChannel.open(Files.write(folder.resolve("file"), content))) {
            assertEquals(4L, send.invoke(null, file, 5L, 4L, Channels.newChannel(out)));
        }
        assertEquals("is s", out.toString(StandardCharsets.UTF_8));
        InvocationTargetException thrown = assertThrows(InvocationTargetException.class,
                () -> send.invoke(null, null, 0L, 1L, Channels.newChannel(out)));
        assertEquals(NullPointerException.class, thrown.getCause().getClass());
    }

    @Test
    void everythingButTheOneInstructionIsKept() {
        ClassReader before = new ClassReader(calling(FILE_CHANNEL));
        ClassReader after = new ClassReader(woven(FILE_CHANNEL));
        assertEquals(before.getClassName(), after.getClassName());
        assertEquals(before.getSuperName(), after.getSuperName());
        assertEquals(before.readShort(6), after.readShort(6), "the version");
        assertTrue(after.getItemCount() > before.getItemCount(), "the pool is extended");
        for (int i = 1; i < before.getItemCount(); i++) {
            assertEquals(before.getItem(i), after.getItem(i), "and what it held is where it was: " + i);
        }
    }

    @Test
    void aCallOfASubclassIsOneOfTheFileChannel() {
        assertNotNull(woven("sun/nio/ch/FileChannelImpl"));
    }

    @Test
    void whatOnlyLooksLikeItIsLeftAlone() {
        assertNull(woven("java/lang/String"), "another class's method of that name");
        assertNull(woven("not/to/be/had"), "a class that nobody has");
        assertNull(woven("[B"), "an array");
        assertNull(recipe.weave(loader, SendingClass.calling(Opcodes.INVOKEINTERFACE, FILE_CHANNEL, ConstantPoolScan.METHOD,
                ConstantPoolScan.DESCRIPTOR)), "an interface's");
        assertNull(recipe.weave(loader, SendingClass.calling(Opcodes.INVOKEVIRTUAL, FILE_CHANNEL, "transferOf",
                ConstantPoolScan.DESCRIPTOR)), "another name");
        assertNull(recipe.weave(loader, SendingClass.calling(Opcodes.INVOKESPECIAL, FILE_CHANNEL, ConstantPoolScan.METHOD,
                ConstantPoolScan.DESCRIPTOR)), "super.transferTo");
    }

    @Test
    void aChannelOfTheServersOwnMayCallItself() {
        byte[] own = SendingClass.calling(Opcodes.INVOKEVIRTUAL, SendingClass.NAME, ConstantPoolScan.METHOD, ConstantPoolScan.DESCRIPTOR,
                FILE_CHANNEL);
        assertNotNull(recipe.weave(loader, own), "its file is at hand, though no loader has it");
    }

    @Test
    void superclassesAreLookedUpInTheFilesOfTheLoader() {
        byte[] middle = SendingClass.calling(Opcodes.INVOKEVIRTUAL, FILE_CHANNEL, "x", ConstantPoolScan.DESCRIPTOR, FILE_CHANNEL);
        ClassLoader has = new FilesOnly(Map.of("their/Channel.class", middle));
        assertNotNull(recipe.weave(has, calling("their/Channel")));
        assertNull(recipe.weave(null, calling("their/Channel")), "the bootstrap loader hasn't");
        ClassLoader broken = new FilesOnly(Map.of("their/Channel.class", Arrays.copyOf(middle, 20)));
        assertNull(recipe.weave(broken, calling("their/Channel")), "a file that is none");
    }

    @Test
    void aCircleOfSuperclassesEnds() {
        byte[] a = SendingClass.calling(Opcodes.INVOKEVIRTUAL, FILE_CHANNEL, "x", ConstantPoolScan.DESCRIPTOR, "b/B");
        byte[] b = SendingClass.calling(Opcodes.INVOKEVIRTUAL, FILE_CHANNEL, "x", ConstantPoolScan.DESCRIPTOR, "a/A");
        assertFalse(Ancestry.isFileChannel("a/A", new FilesOnly(Map.of("a/A.class", a, "b/B.class", b)), new ClassReader(calling("x/X"))));
    }
}
