package io.readahead.weave;

import java.util.Set;
import java.util.TreeSet;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.MethodVisitor;

/** What woven code calls of the bridge. */
public final class BridgeCalls {

    private BridgeCalls() {
    }

    /** The names of the methods. */
    public static Set<String> of(byte[] classFile) {
        Set<String> calls = new TreeSet<>();
        new ClassReader(classFile).accept(new ClassVisitor(ClassFiles.ASM_API) {
            @Override
            public MethodVisitor visitMethod(int access, String name, String descriptor, String signature, String[] exceptions) {
                return new MethodVisitor(ClassFiles.ASM_API) {
                    @Override
                    public void visitMethodInsn(int opcode, String owner, String method, String called, boolean isInterface) {
                        if (owner.equals(Bridge.NAME)) {
                            calls.add(method);
                        }
                    }
                };
            }
        }, ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        return calls;
    }
}
