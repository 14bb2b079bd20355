package io.readahead.weave;

import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;

/**
 * A visitor of a method that keeps the operands of a call in local variables above the method's own, so that they can be pushed again,
 * in any order and any number of times. There is no branch in that, so no frame changes.
 */
abstract class OperandKeeper extends MethodVisitor {

    private final int firstFreeLocal;
    private final int moreStack;
    private int keptSlots;

    /**
     * @param firstFreeLocal behind the method's own local variables
     * @param moreStack what is pushed on top of the original operands, where any are kept
     */
    OperandKeeper(MethodVisitor original, int firstFreeLocal, int moreStack) {
        super(ClassFiles.ASM_API, original);
        this.firstFreeLocal = firstFreeLocal;
        this.moreStack = moreStack;
    }

    /** Takes the operands of a call from the stack. @param types of them, the first one pushed first */
    final Kept keep(Type... types) {
        Kept kept = new Kept(types);
        for (int operand = types.length - 1; operand >= 0; operand--) {
            super.visitVarInsn(types[operand].getOpcode(Opcodes.ISTORE), kept.slots[operand]);
        }
        return kept;
    }

    @Override
    public final void visitMaxs(int maxStack, int maxLocals) {
        boolean here = keptSlots > 0;
        super.visitMaxs(here ? ClassFiles.raised(maxStack, moreStack) : maxStack,
                here ? ClassFiles.raised(firstFreeLocal, keptSlots) : maxLocals);
    }

    /** The operands of one call. */
    final class Kept {

        private final Type[] types;
        private final int[] slots;

        private Kept(Type[] types) {
            this.types = types;
            this.slots = new int[types.length];
            int next = firstFreeLocal;
            for (int operand = 0; operand < types.length; operand++) {
                slots[operand] = next;
                next += types[operand].getSize();
            }
            keptSlots = Math.max(keptSlots, next - firstFreeLocal);
        }

        int count() {
            return types.length;
        }

        /** Pushes one of them. */
        void load(int operand) {
            mv.visitVarInsn(types[operand].getOpcode(Opcodes.ILOAD), slots[operand]);
        }
    }
}
