package io.readahead.weave;

import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * Asks something where a method begins, and tells something before each return.
 *
 * <p>What a subclass adds it writes to {@link #mv}, past what it looks at in the method's own code.
 */
abstract class AskAndTell extends MethodVisitor {

    /** The adapter's number. */
    final int adapter;
    private final int returns;
    private final int moreStack;

    /**
     * @param returns the instruction by which the method returns its result
     * @param moreStack what the added code has on the stack at the most, beside what the method has
     */
    AskAndTell(MethodVisitor original, int adapter, int returns, int moreStack) {
        super(ClassFiles.ASM_API, original);
        this.adapter = adapter;
        this.returns = returns;
        this.moreStack = moreStack;
    }

    /** Writes the code of the beginning. */
    abstract void ask();

    /** Writes that before a return: the result is on the stack, and has to be there afterwards. */
    abstract void tell();

    /**
     * Ends a branch that has left the method at its beginning.
     *
     * <p>Everything behind it is as at the method's beginning, so the one frame that comes with it changes no other.
     */
    static void goOn(MethodVisitor code, Label label) {
        code.visitLabel(label);
        code.visitFrame(Opcodes.F_SAME, 0, null, 0, null);
    }

    @Override
    public final void visitCode() {
        super.visitCode();
        ask();
    }

    @Override
    public final void visitInsn(int opcode) {
        if (opcode == returns) {
            tell();
        }
        super.visitInsn(opcode);
    }

    @Override
    public final void visitMaxs(int maxStack, int maxLocals) {
        super.visitMaxs(ClassFiles.raised(maxStack, moreStack), maxLocals);
    }
}
