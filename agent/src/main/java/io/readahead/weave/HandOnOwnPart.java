package io.readahead.weave;

import net.bytebuddy.jar.asm.MethodVisitor;

/**
 * Has a class hand on a buffer of a mapped file as a buffer that is no larger than what is to be sent of it.
 *
 * <pre>
 *   before:  queue.add(buffer)
 *   after:   queue.add(ownPart(buffer))
 * </pre>
 *
 * <p>For what takes it may look at how much of the buffer is used, and copy a small part of a large one: it reads the file then. A class
 * that has no such call stays as it is, and nothing is said: older and newer ones hand buffers on in ways that copy none.
 *
 * @param classEnding how the class's internal name ends
 * @param method the method, with its descriptor or the beginning of it
 * @param called how the owner and the name of a call in it end that takes a buffer and nothing else, {@code Owner.name}
 */
public record HandOnOwnPart(String classEnding, String method, String called) implements Weaving {

    private static final String BUFFER = "(Ljava/nio/ByteBuffer;)";

    @Override
    public byte[] woven(byte[] classFile, int adapter) {
        boolean[] found = new boolean[1];
        byte[] woven = ClassFiles.rewrite(classFile, (name, original) -> !name.startsWith(method) ? original
                : new MethodVisitor(ClassFiles.ASM_API, original) {
            @Override
            public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
                if (descriptor.startsWith(BUFFER) && (owner + "." + name).endsWith(called)) {
                    found[0] = true;
                    Bridge.call(mv, "ownPart", Bridge.OWN_PART);
                }
                super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
            }
        });
        return found[0] ? woven : null;
    }
}
