package io.readahead.weave;

import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
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
        boolean[] found = new boolean[1];
        ClassReader own = new ClassReader(classFile);
        String className = own.getClassName().replace('/', '.');
        byte[] woven = ClassFiles.rewrite(classFile, (name, original) -> new MethodVisitor(ClassFiles.ASM_API, original) {
            private boolean here;

            @Override
            public void visitMethodInsn(int opcode, String owner, String method, String descriptor, boolean isInterface) {
                if (opcode == Opcodes.INVOKEVIRTUAL && method.equals(ConstantPoolScan.METHOD)
                        && descriptor.equals(ConstantPoolScan.DESCRIPTOR) && Ancestry.isFileChannel(owner, loader, own)) {
                    found[0] = true;
                    here = true;
                    super.visitLdcInsn(className + "." + name.substring(0, name.indexOf('(')));
                    super.visitMethodInsn(Opcodes.INVOKESTATIC, Bridge.NAME, method, BRIDGE_DESCRIPTOR, false);
                } else {
                    super.visitMethodInsn(opcode, owner, method, descriptor, isInterface);
                }
            }

            @Override
            public void visitMaxs(int maxStack, int maxLocals) {
                super.visitMaxs(here ? ClassFiles.raised(maxStack, 1) : maxStack, maxLocals);
            }
        });
        return found[0] ? woven : null;
    }

    @Override
    public void leftOut(ClassLoader loader, byte[] classFile, BiConsumer<String, String> found) {
        LeftOutCalls.of(loader, classFile, found);
    }
}
