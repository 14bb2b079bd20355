package io.readahead.weave;

import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * Has a method ask before it reads from a file into a buffer that it sends.
 *
 * <pre>
 *   before:  file.read(buffer)
 *   after:   read(file, buffer, this, adapter)
 * </pre>
 *
 * @param classEnding how the class's internal name ends
 * @param method the method and its descriptor, with one such call
 * @param sought the call in words, for the report of a class that hasn't got it
 */
public record AskBeforeRead(String classEnding, String method, String sought) implements Weaving {

    private static final String READ = "(Ljava/nio/ByteBuffer;)I";
    private static final int MORE_STACK = 2;

    @Override
    public byte[] woven(byte[] classFile, int adapter) throws WrongShapeException {
        int[] found = new int[1];
        byte[] woven = ClassFiles.rewrite(classFile, (name, original) -> !name.equals(method) ? original
                : new MethodVisitor(ClassFiles.ASM_API, original) {
            @Override
            public void visitMethodInsn(int opcode, String owner, String called, String descriptor, boolean isInterface) {
                if (owner.equals(Ancestry.FILE_CHANNEL) && called.equals("read") && descriptor.equals(READ)) {
                    found[0]++;
                    super.visitVarInsn(Opcodes.ALOAD, 0);
                    Bridge.pushNumber(mv, adapter);
                    Bridge.call(mv, "read", Bridge.READ);
                } else {
                    super.visitMethodInsn(opcode, owner, called, descriptor, isInterface);
                }
            }

            @Override
            public void visitMaxs(int maxStack, int maxLocals) {
                super.visitMaxs(ClassFiles.raised(maxStack, MORE_STACK), maxLocals);
            }
        });
        if (found[0] != 1) {
            throw new WrongShapeException(sought);
        }
        return woven;
    }
}
