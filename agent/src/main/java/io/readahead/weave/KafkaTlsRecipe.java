package io.readahead.weave;

import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * Has Kafka's TLS layer ask, when it is about to send from a file, how much of it may be read.
 *
 * <pre>
 *   long transferFrom(FileChannel file, long position, long count) {
 *       count = admitRead(this, file, position, count);              // added
 *       ...
 *       return noteRead(sent, this, file, position);                 // before: return sent
 *   }
 * </pre>
 *
 * <p>With a count of 0 the method flushes what is encrypted already, reads nothing and returns 0. (A 0 from
 * {@code FileChannel.read} instead would make it send what the buffer held before.)
 * Kafka sets write interest before the first call and takes it away after the last, so its selector calls again after a 0.
 * <p>Source: {@code SslTransportLayer.transferFrom}, the same in Kafka 4.0.2 and 4.4.0; {@code KafkaChannel.setSend}.
 */
final class KafkaTlsRecipe implements Recipe {

    private static final String CLASS = "org/apache/kafka/common/network/SslTransportLayer";
    private static final String METHOD = "transferFrom(Ljava/nio/channels/FileChannel;JJ)J";
    private static final String ADMIT = "(Ljava/lang/Object;Ljava/nio/channels/FileChannel;JJ)J";
    private static final String NOTE = "(JLjava/lang/Object;Ljava/nio/channels/FileChannel;J)J";
    private static final int FILE_SLOT = 1;
    private static final int POSITION_SLOT = 2;
    private static final int COUNT_SLOT = 4;
    private static final int MORE_STACK = 6;

    @Override
    public boolean concerns(String internalName, byte[] classFile) {
        return internalName.endsWith(CLASS);
    }

    @Override
    public byte[] weave(ClassLoader loader, byte[] classFile) throws WrongShapeException {
        boolean[] found = new boolean[1];
        boolean[] overwrites = new boolean[1];
        byte[] woven = ClassFiles.rewriteInstanceMethods(classFile, (method, original) -> {
            if (!method.equals(METHOD)) {
                return original;
            }
            found[0] = true;
            return new MethodVisitor(ClassFiles.ASM_API, original) {
                @Override
                public void visitCode() {
                    super.visitCode();
                    load();
                    super.visitVarInsn(Opcodes.LLOAD, COUNT_SLOT);
                    super.visitMethodInsn(Opcodes.INVOKESTATIC, Bridge.NAME, "admitRead", ADMIT, false);
                    super.visitVarInsn(Opcodes.LSTORE, COUNT_SLOT);
                }

                @Override
                public void visitVarInsn(int opcode, int slot) {
                    overwrites[0] |= opcode >= Opcodes.ISTORE && opcode <= Opcodes.ASTORE && slot <= POSITION_SLOT + 1;
                    super.visitVarInsn(opcode, slot);
                }

                @Override
                public void visitInsn(int opcode) {
                    if (opcode == Opcodes.LRETURN) {
                        load();
                        super.visitMethodInsn(Opcodes.INVOKESTATIC, Bridge.NAME, "noteRead", NOTE, false);
                    }
                    super.visitInsn(opcode);
                }

                private void load() {
                    super.visitVarInsn(Opcodes.ALOAD, 0);
                    super.visitVarInsn(Opcodes.ALOAD, FILE_SLOT);
                    super.visitVarInsn(Opcodes.LLOAD, POSITION_SLOT);
                }

                @Override
                public void visitMaxs(int maxStack, int maxLocals) {
                    super.visitMaxs(ClassFiles.raised(maxStack, MORE_STACK), maxLocals);
                }
            };
        });
        if (!found[0] || overwrites[0]) {
            throw new WrongShapeException("transferFrom(FileChannel file, long position, long count) that leaves file and position alone");
        }
        return woven;
    }
}
