package io.readahead.weave;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;

/**
 * Has a class that lets an object of its own read a file ask whom to call, and tell when it was called.
 *
 * <pre>
 *   before:  input.readChunk(allocator)
 *   after:   ((Input) callee(adapter, this, input, true)).readChunk(allocator); note(1, adapter, this, input, OWN_POSITION)
 * </pre>
 *
 * <p>Who is to come later calls an object that says so in the server's own words. There is no branch between, so no
 * frame changes, and no method is added, which a class that is loaded already refuses.
 *
 * @param classEnding how the class's internal name ends
 * @param ownerEnding how the internal name of the called interface ends
 * @param reads its method that reads the next bytes, and how that one's descriptor ends
 * @param looks its method, with its descriptor, that says whether there are any
 * @param sought the calls in words, for the report of a class that hasn't got them
 */
public record AskForCallee(String classEnding, String ownerEnding, Called reads, Called looks, String sought) implements Weaving {

    private static final int MORE_STACK = 9;
    private static final long OWN_POSITION = -1;

    /** A method by its name and how its descriptor ends. */
    public record Called(String name, String descriptorEnding) {

        private boolean is(String method, String descriptor) {
            return method.equals(name) && descriptor.endsWith(descriptorEnding);
        }
    }

    @Override
    public byte[] woven(byte[] classFile, int adapter) throws WrongShapeException {
        Set<Called> found = new HashSet<>();
        byte[] woven = ClassFiles.rewriteInstanceMethods(classFile,
                (name, original) -> new Caller(original, ClassFiles.maxLocals(classFile, name), adapter, found));
        if (found.size() != 2) {
            throw new WrongShapeException(sought);
        }
        return woven;
    }

    /** Rewrites the calls where it finds them. */
    private final class Caller extends OperandKeeper {

        private static final int CALLEE = 0;

        private final int adapter;
        private final Set<Called> found;

        Caller(MethodVisitor original, int firstFreeLocal, int adapter, Set<Called> found) {
            super(original, firstFreeLocal, MORE_STACK);
            this.adapter = adapter;
            this.found = found;
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
            Called called = opcode != Opcodes.INVOKEINTERFACE || !owner.endsWith(ownerEnding) ? null
                    : reads.is(name, descriptor) ? reads : looks.is(name, descriptor) ? looks : null;
            if (called == null) {
                super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
                return;
            }
            found.add(called);
            List<Type> operands = new ArrayList<>(List.of(Type.getObjectType(owner)));
            Collections.addAll(operands, Type.getArgumentTypes(descriptor));
            Kept kept = keep(operands.toArray(Type[]::new));
            who(kept);
            super.visitInsn(called == reads ? Opcodes.ICONST_1 : Opcodes.ICONST_0);
            Bridge.call(mv, "callee", Bridge.CALLEE);
            super.visitTypeInsn(Opcodes.CHECKCAST, owner);
            for (int operand = CALLEE + 1; operand < kept.count(); operand++) {
                kept.load(operand);
            }
            super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
            super.visitInsn(Opcodes.LCONST_1);
            who(kept);
            super.visitLdcInsn(OWN_POSITION);
            Bridge.call(mv, "note", Bridge.NOTE);
            super.visitInsn(Opcodes.POP2);
        }

        /** adapter, this, source */
        private void who(Kept kept) {
            Bridge.pushNumber(mv, adapter);
            super.visitVarInsn(Opcodes.ALOAD, 0);
            kept.load(CALLEE);
        }
    }
}
