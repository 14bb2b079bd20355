package io.readahead.weave;

import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import java.util.function.Predicate;

/**
 * Replaces virtual calls by calls of the bridge that have the same name, and are told where they are.
 *
 * <pre>
 *   before:  invokevirtual OWNER.NAME(...)
 *   after:   ldc           "com.example.Sender.send"
 *            invokestatic  java/nio/channels/ReadaheadBridge.NAME(..., Ljava/lang/String;)
 * </pre>
 */
final class CallsWithPlace {

    /** Says which calls. */
    interface Chosen {

        /** The descriptor of the bridge's method, or null for a call that stays as it is. */
        String bridged(String owner, String called, String descriptor);
    }

    private CallsWithPlace() {
    }

    /**
     * Rewrites a class.
     *
     * @param methods is asked for each, with its descriptor, whether its calls are meant
     * @return null where there is no such call
     */
    static byte[] replaced(byte[] classFile, Predicate<String> methods, Chosen chosen) {
        boolean[] found = new boolean[1];
        String className = ClassFiles.nameOf(classFile);
        byte[] woven = ClassFiles.rewrite(classFile, (name, original) -> !methods.test(name) ? original
                : new MethodVisitor(ClassFiles.ASM_API, original) {
            private boolean here;

            @Override
            public void visitMethodInsn(int opcode, String owner, String called, String descriptor, boolean isInterface) {
                String bridged = opcode == Opcodes.INVOKEVIRTUAL ? chosen.bridged(owner, called, descriptor) : null;
                if (bridged == null) {
                    super.visitMethodInsn(opcode, owner, called, descriptor, isInterface);
                    return;
                }
                found[0] = true;
                here = true;
                super.visitLdcInsn(className + "." + name.substring(0, name.indexOf('(')));
                Bridge.call(mv, called, bridged);
            }

            @Override
            public void visitMaxs(int maxStack, int maxLocals) {
                super.visitMaxs(here ? ClassFiles.raised(maxStack, 1) : maxStack, maxLocals);
            }
        });
        return found[0] ? woven : null;
    }
}
