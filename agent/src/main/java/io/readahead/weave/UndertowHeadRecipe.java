package io.readahead.weave;

import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * Has Undertow ask before it reads the first bytes of a file, which it sends together with the head of the answer.
 *
 * <pre>
 *   before:  file.read(buffer)
 *   after:   readWithHead(file, buffer, this)
 * </pre>
 *
 * <p>With a 0 the method gives its buffer back and returns 0, as where the socket has no room; its caller then asks for writability.
 * <p>Source: {@code HttpResponseConduit.transferFrom}, Undertow 2.4.4.
 */
final class UndertowHeadRecipe implements Recipe {

    private static final String CLASS = "io/undertow/server/protocol/http/HttpResponseConduit";
    private static final String METHOD = "transferFrom(Ljava/nio/channels/FileChannel;JJ)J";
    private static final String READ = "(Ljava/nio/ByteBuffer;)I";
    private static final String READ_WITH_HEAD = "(Ljava/nio/channels/FileChannel;Ljava/nio/ByteBuffer;Ljava/lang/Object;)I";

    @Override
    public boolean concerns(String internalName, byte[] classFile) {
        return internalName.endsWith(CLASS);
    }

    @Override
    public byte[] weave(ClassLoader loader, byte[] classFile) throws WrongShapeException {
        int[] found = new int[1];
        byte[] woven = ClassFiles.rewrite(classFile, (method, original) -> {
            if (!method.equals(METHOD)) {
                return original;
            }
            return new MethodVisitor(ClassFiles.ASM_API, original) {
                @Override
                public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
                    if (owner.equals(Ancestry.FILE_CHANNEL) && name.equals("read") && descriptor.equals(READ)) {
                        found[0]++;
                        super.visitVarInsn(Opcodes.ALOAD, 0);
                        super.visitMethodInsn(Opcodes.INVOKESTATIC, Bridge.NAME, "readWithHead", READ_WITH_HEAD, false);
                    } else {
                        super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
                    }
                }

                @Override
                public void visitMaxs(int maxStack, int maxLocals) {
                    super.visitMaxs(ClassFiles.raised(maxStack, 1), maxLocals);
                }
            };
        });
        if (found[0] != 1) {
            throw new WrongShapeException("one call of FileChannel.read(ByteBuffer) in transferFrom(FileChannel, long, long)");
        }
        return woven;
    }
}
