package io.readahead.weave;

import net.bytebuddy.jar.asm.ClassReader;
import java.util.function.BiConsumer;

/**
 * Rewrites {@code FileChannel.transferTo} calls.
 *
 * <pre>
 *   before:  invokevirtual java/nio/channels/FileChannel.transferTo(JJLjava/nio/channels/WritableByteChannel;)J
 *   after:   ldc           "com.example.Sender.send"
 *            invokestatic  java/nio/channels/ReadaheadBridge.transferTo(Ljava/lang/Object;JJLjava/nio/channels/WritableByteChannel;
 *                          Ljava/lang/String;)J
 * </pre>
 */
final class TransferToRecipe implements Recipe {

    private static final String BRIDGE_DESCRIPTOR = "(Ljava/lang/Object;JJLjava/nio/channels/WritableByteChannel;Ljava/lang/String;)J";

    @Override
    public boolean concerns(String internalName, byte[] classFile) {
        return ConstantPoolScan.mayCallTransferTo(classFile);
    }

    @Override
    public byte[] weave(ClassLoader loader, byte[] classFile) {
        ClassReader own = new ClassReader(classFile);
        return CallsWithPlace.replaced(classFile, method -> true, (owner, called, descriptor) -> called.equals(ConstantPoolScan.METHOD)
                && descriptor.equals(ConstantPoolScan.DESCRIPTOR) && Ancestry.isFileChannel(owner, loader, own) ? BRIDGE_DESCRIPTOR : null);
    }

    @Override
    public void leftOut(ClassLoader loader, byte[] classFile, BiConsumer<String, String> found) {
        LeftOutCalls.of(loader, classFile, found);
    }
}
