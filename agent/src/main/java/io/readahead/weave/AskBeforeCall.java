package io.readahead.weave;

import java.util.List;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;

/**
 * Has a class ask before it makes a call that sends a file, and tell what was sent.
 *
 * <pre>
 *   before:  socket.send(region, base, offset, length)
 *   after:   note(socket.send(region, base, offset, admit(adapter, this, region, base + offset, length)),
 *                 adapter, this, region, base + offset)
 * </pre>
 *
 * <p>There is no branch between, so no frame changes.
 *
 * @param classEnding how the class's internal name ends
 * @param ownerEnding how the internal name of the called method's class ends
 * @param method the called method, which returns a long: how much was sent
 * @param descriptorEnding how its descriptor ends
 * @param operands which of its operands is what
 * @param sought the call in words, for the report of a class that hasn't got it
 */
public record AskBeforeCall(String classEnding, String ownerEnding, String method, String descriptorEnding, Operands operands,
                            String sought) implements Weaving {

    /** What the added calls push on top of the original operands. */
    private static final int MORE_STACK = 9;

    /**
     * Which operands are what, counted from 0.
     *
     * @param source what names the file
     * @param position those whose sum is the position in the file
     * @param count how much is to be sent
     */
    public record Operands(int source, List<Integer> position, int count) {
    }

    @Override
    public byte[] woven(byte[] classFile, int adapter) throws WrongShapeException {
        boolean[] found = new boolean[1];
        byte[] woven = ClassFiles.rewriteInstanceMethods(classFile,
                (name, original) -> new Caller(original, ClassFiles.maxLocals(classFile, name), adapter, found));
        if (!found[0]) {
            throw new WrongShapeException(sought);
        }
        return woven;
    }

    private boolean isMeant(int opcode, String owner, String name, String descriptor) {
        return opcode == Opcodes.INVOKEVIRTUAL && name.equals(method) && owner.endsWith(ownerEnding)
                && descriptor.endsWith(descriptorEnding);
    }

    /** Rewrites the call where it finds it. */
    private final class Caller extends OperandKeeper {

        private final int adapter;
        private final boolean[] found;

        Caller(MethodVisitor original, int firstFreeLocal, int adapter, boolean[] found) {
            super(original, firstFreeLocal, MORE_STACK);
            this.adapter = adapter;
            this.found = found;
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
            if (!isMeant(opcode, owner, name, descriptor)) {
                super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
                return;
            }
            found[0] = true;
            Kept kept = keep(Type.getArgumentTypes(descriptor));
            for (int operand = 0; operand < kept.count(); operand++) {
                if (operand == operands.count()) {
                    Bridge.pushNumber(mv, adapter);
                    ask(kept);
                    kept.load(operand);
                    Bridge.call(mv, "admit", Bridge.ADMIT);
                } else {
                    kept.load(operand);
                }
            }
            super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
            Bridge.pushNumber(mv, adapter);
            ask(kept);
            Bridge.call(mv, "note", Bridge.NOTE);
        }

        /** this, source, position */
        private void ask(Kept kept) {
            super.visitVarInsn(Opcodes.ALOAD, 0);
            kept.load(operands.source());
            for (int i = 0; i < operands.position().size(); i++) {
                kept.load(operands.position().get(i));
                if (i > 0) {
                    super.visitInsn(Opcodes.LADD);
                }
            }
        }
    }
}
