package io.readahead.weave;

import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * Has a layer of a server's own that is handed buffers, of which some may be of a mapped file, ask how much of them it may read now; and
 * do nothing about what is left, where it is told to go on later.
 *
 * <pre>
 *   boolean flush(ByteBuffer... buffers) {
 *       buffers = part(adapter, this, buffers);                          // added
 *       if (buffers == null) {                                           // added
 *           return false;
 *       }
 *       ...
 *       return flushed(all, adapter, this, buffers);                     // before: return all
 *   }
 *
 *   void onIncompleteFlush() {
 *       if (parked(adapter, this)) {                                     // added
 *           return;
 *       }
 *       ...
 * </pre>
 *
 * @param classEnding how the class's internal name ends
 * @param flush the method that is handed the buffers; it says whether it took all of them
 * @param incomplete the method that is called where it did not, and sees to it that it is called again; it has no parameter and no result
 * @param sought the methods in words, for the report of a class that hasn't got them
 */
public record AskBeforeFlush(String classEnding, String flush, String incomplete, String sought) implements Weaving {

    private static final int BUFFERS = 1;
    private static final int MORE_STACK = 4;

    @Override
    public byte[] woven(byte[] classFile, int adapter) throws WrongShapeException {
        boolean[] found = new boolean[2];
        boolean[] overwrites = new boolean[1];
        byte[] woven = ClassFiles.rewriteInstanceMethods(classFile, (name, original) -> {
            if (name.equals(flush + "([Ljava/nio/ByteBuffer;)Z")) {
                found[0] = true;
                return new Flush(original, adapter, overwrites);
            }
            if (name.equals(incomplete + "()V")) {
                found[1] = true;
                return new Incomplete(original, adapter);
            }
            return original;
        });
        if (!found[0] || !found[1] || overwrites[0]) {
            throw new WrongShapeException(sought);
        }
        return woven;
    }

    private static final class Flush extends AskAndTell {

        private final boolean[] overwrites;

        Flush(MethodVisitor original, int adapter, boolean[] overwrites) {
            super(original, adapter, Opcodes.IRETURN, MORE_STACK);
            this.overwrites = overwrites;
        }

        @Override
        void ask() {
            Label goOn = new Label();
            load();
            Bridge.call(mv, "part", Bridge.PART);
            mv.visitVarInsn(Opcodes.ASTORE, BUFFERS);
            mv.visitVarInsn(Opcodes.ALOAD, BUFFERS);
            mv.visitJumpInsn(Opcodes.IFNONNULL, goOn);
            mv.visitInsn(Opcodes.ICONST_0);
            mv.visitInsn(Opcodes.IRETURN);
            goOn(mv, goOn);
        }

        @Override
        void tell() {
            load();
            Bridge.call(mv, "flushed", Bridge.FLUSHED);
        }

        @Override
        public void visitVarInsn(int opcode, int slot) {
            overwrites[0] |= opcode >= Opcodes.ISTORE && opcode <= Opcodes.ASTORE && slot <= BUFFERS;
            super.visitVarInsn(opcode, slot);
        }

        private void load() {
            Bridge.pushNumber(mv, adapter);
            mv.visitVarInsn(Opcodes.ALOAD, 0);
            mv.visitVarInsn(Opcodes.ALOAD, BUFFERS);
        }
    }

    /** Leaves at the beginning, as long as it is parked. */
    private static final class Incomplete extends MethodVisitor {

        private final int adapter;

        Incomplete(MethodVisitor original, int adapter) {
            super(ClassFiles.ASM_API, original);
            this.adapter = adapter;
        }

        @Override
        public void visitCode() {
            super.visitCode();
            Label goOn = new Label();
            Bridge.pushNumber(mv, adapter);
            super.visitVarInsn(Opcodes.ALOAD, 0);
            Bridge.call(mv, "parked", Bridge.PARKED);
            super.visitJumpInsn(Opcodes.IFEQ, goOn);
            super.visitInsn(Opcodes.RETURN);
            AskAndTell.goOn(mv, goOn);
        }

        @Override
        public void visitMaxs(int maxStack, int maxLocals) {
            super.visitMaxs(Math.max(maxStack, MORE_STACK), maxLocals);
        }
    }
}
