package io.readahead.weave;

import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;

/**
 * Has a method that sends from a file ask, before it does anything, how much of it may be sent, and tell what was.
 *
 * <pre>
 *   long transferFrom(FileChannel file, long position, long count) {
 *       count = admit(adapter, this, file, position, count);              // added
 *       ...
 *       return note(sent, adapter, this, file, position);                 // before: return sent
 *   }
 * </pre>
 *
 * @param classEnding how the class's internal name ends
 * @param method the method, which returns a long: how much was sent
 * @param descriptor its descriptor
 * @param source the parameter that names the file, counted from 0
 * @param position the one that is the position in it
 * @param count the one that says how much is to be sent
 * @param sought the method in words, for the report of a class that hasn't got it
 */
public record AskAtEntry(String classEnding, String method, String descriptor, int source, int position, int count, String sought)
        implements Weaving {

    private static final int MORE_STACK = 7;

    @Override
    public byte[] woven(byte[] classFile, int adapter) throws WrongShapeException {
        boolean[] found = new boolean[1];
        boolean[] overwrites = new boolean[1];
        byte[] woven = ClassFiles.rewriteInstanceMethods(classFile, (name, original) -> {
            if (!name.equals(method + descriptor)) {
                return original;
            }
            found[0] = true;
            return new Asking(original, adapter, overwrites);
        });
        if (!found[0] || overwrites[0]) {
            throw new WrongShapeException(sought);
        }
        return woven;
    }

    /** The local variable of a parameter. */
    private int slot(int parameter) {
        Type[] types = Type.getArgumentTypes(descriptor);
        int slot = 1;
        for (int i = 0; i < parameter; i++) {
            slot += types[i].getSize();
        }
        return slot;
    }

    private final class Asking extends AskAndTell {

        private final boolean[] overwrites;
        private final int sourceSlot = slot(source);
        private final int positionSlot = slot(position);
        private final int countSlot = slot(count);

        Asking(MethodVisitor original, int adapter, boolean[] overwrites) {
            super(original, adapter, Opcodes.LRETURN, MORE_STACK);
            this.overwrites = overwrites;
        }

        @Override
        void ask() {
            load();
            mv.visitVarInsn(Opcodes.LLOAD, countSlot);
            Bridge.call(mv, "admit", Bridge.ADMIT);
            mv.visitVarInsn(Opcodes.LSTORE, countSlot);
        }

        @Override
        void tell() {
            load();
            Bridge.call(mv, "note", Bridge.NOTE);
        }

        @Override
        public void visitVarInsn(int opcode, int slot) {
            boolean isKept = slot == 0 || slot == sourceSlot || slot == positionSlot || slot == positionSlot + 1;
            overwrites[0] |= opcode >= Opcodes.ISTORE && opcode <= Opcodes.ASTORE && isKept;
            super.visitVarInsn(opcode, slot);
        }

        private void load() {
            Bridge.pushNumber(mv, adapter);
            mv.visitVarInsn(Opcodes.ALOAD, 0);
            mv.visitVarInsn(Opcodes.ALOAD, sourceSlot);
            mv.visitVarInsn(Opcodes.LLOAD, positionSlot);
        }
    }
}
