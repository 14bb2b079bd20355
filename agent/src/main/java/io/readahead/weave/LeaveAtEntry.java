package io.readahead.weave;

import io.readahead.bridge.ReadaheadHooks;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;

/**
 * Has a method that goes on with a file ask, before it does anything, whether it is to go on later, and leave then; and tell that it
 * has come to its end.
 *
 * <pre>
 *   Action process() {
 *       if (later(adapter, this, this.channel, this.remaining)) {         // added
 *           return Action.SCHEDULED;
 *       }
 *       ...
 *       note(0, adapter, this, this.channel, OWN_POSITION);              // before: return
 *       return action;
 * </pre>
 *
 * @param classEnding how the class's internal name ends
 * @param method the method, an instance's, which returns an object of an enum's class
 * @param descriptorStart how its descriptor begins: its parameters
 * @param file its class's field that names the file
 * @param fileDescriptor of that field
 * @param count its class's field that says how much of it is to come, a long; negative where that is not known
 * @param leave the constant that says "later"
 * @param sought the method in words, for the report of a class that hasn't got it
 */
public record LeaveAtEntry(String classEnding, String method, String descriptorStart, String file, String fileDescriptor, String count,
                           String leave, String sought) implements Weaving {

    private static final int MORE_STACK = 7;

    @Override
    public byte[] woven(byte[] classFile, int adapter) throws WrongShapeException {
        boolean[] found = new boolean[1];
        String owner = new ClassReader(classFile).getClassName();
        if (!ClassFiles.hasField(classFile, file, fileDescriptor) || !ClassFiles.hasField(classFile, count, "J")) {
            throw new WrongShapeException(sought);
        }
        byte[] woven = ClassFiles.rewriteInstanceMethods(classFile, (name, original) -> {
            String result = name.substring(name.indexOf(')') + 1);
            if (!name.startsWith(method + descriptorStart) || !result.startsWith("L")) {
                return original;
            }
            found[0] = true;
            return new Leaving(original, adapter, owner, Type.getType(result).getInternalName());
        });
        if (!found[0]) {
            throw new WrongShapeException(sought);
        }
        return woven;
    }

    private final class Leaving extends AskAndTell {

        private final String owner;
        private final String result;

        Leaving(MethodVisitor original, int adapter, String owner, String result) {
            super(original, adapter, Opcodes.ARETURN, MORE_STACK);
            this.owner = owner;
            this.result = result;
        }

        @Override
        void ask() {
            Label goOn = new Label();
            load();
            mv.visitVarInsn(Opcodes.ALOAD, 0);
            mv.visitFieldInsn(Opcodes.GETFIELD, owner, count, "J");
            Bridge.call(mv, "later", Bridge.LATER);
            mv.visitJumpInsn(Opcodes.IFEQ, goOn);
            mv.visitFieldInsn(Opcodes.GETSTATIC, result, leave, "L" + result + ";");
            mv.visitInsn(Opcodes.ARETURN);
            goOn(mv, goOn);
        }

        @Override
        void tell() {
            mv.visitInsn(Opcodes.LCONST_0);
            load();
            mv.visitLdcInsn(ReadaheadHooks.OWN_POSITION);
            Bridge.call(mv, "note", Bridge.NOTE);
            mv.visitInsn(Opcodes.POP2);
        }

        private void load() {
            Bridge.pushNumber(mv, adapter);
            mv.visitVarInsn(Opcodes.ALOAD, 0);
            mv.visitVarInsn(Opcodes.ALOAD, 0);
            mv.visitFieldInsn(Opcodes.GETFIELD, owner, file, fileDescriptor);
        }
    }
}
