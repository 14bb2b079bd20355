package io.readahead.weave;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.security.ProtectionDomain;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * Has {@code sun.nio.ch.SelectionKeyImpl.translateInterestOps()} ask the bridge before it returns.
 *
 * <p>The same one place in JDK 11 to 25 where a key's interest becomes kernel events.
 * <p>Threads: one of the agent's own. The JVM runs no transformer for a class that is retransformed inside another transformer's
 * call on the same thread, so the thread that loads the server's class can't do it itself.
 */
public final class SelectionKeyWeaver implements ClassFileTransformer {

    private static final String CLASS = "sun.nio.ch.SelectionKeyImpl";
    private static final String METHOD = "translateInterestOps()I";

    private final Instrumentation instrumentation;
    private volatile boolean woven;
    private volatile Throwable failure;

    private SelectionKeyWeaver(Instrumentation instrumentation) {
        this.instrumentation = instrumentation;
    }

    /**
     * Weaves the class.
     *
     * <p>Errors: IllegalStateException where the JDK's class has another shape; it stays as it was then.
     *
     * @return what can {@link #undo} it
     */
    public static SelectionKeyWeaver weave(Instrumentation instrumentation)
            throws ClassNotFoundException, UnmodifiableClassException {
        SelectionKeyWeaver weaver = new SelectionKeyWeaver(instrumentation);
        instrumentation.addTransformer(weaver, true);
        instrumentation.retransformClasses(Class.forName(CLASS));
        if (!weaver.woven) {
            instrumentation.removeTransformer(weaver);
            throw new IllegalStateException(CLASS + "." + METHOD + " was not found in this JDK", weaver.failure);
        }
        return weaver;
    }

    /** Gives the class its original bytecode back. */
    public void undo() throws ClassNotFoundException, UnmodifiableClassException {
        instrumentation.removeTransformer(this);
        instrumentation.retransformClasses(Class.forName(CLASS));
    }

    @Override
    public byte[] transform(ClassLoader loader, String className, Class<?> redefined, ProtectionDomain domain, byte[] classFile) {
        if (redefined == null || !redefined.getName().equals(CLASS)) {
            return null;
        }
        try {
            boolean[] found = new boolean[1];
            byte[] changed = ClassFiles.rewrite(classFile,
                    (method, original) -> method.equals(METHOD) ? askBeforeReturn(original, found) : original);
            woven = found[0];
            return woven ? changed : null;
        } catch (Throwable thrown) {
            failure = thrown;
            return null;
        }
    }

    private static MethodVisitor askBeforeReturn(MethodVisitor original, boolean[] found) {
        return new MethodVisitor(ClassFiles.ASM_API, original) {
            @Override
            public void visitInsn(int opcode) {
                if (opcode == Opcodes.IRETURN) {
                    found[0] = true;
                    super.visitVarInsn(Opcodes.ALOAD, 0);
                    super.visitInsn(Opcodes.SWAP);
                    super.visitMethodInsn(Opcodes.INVOKESTATIC, Bridge.NAME, "interestEvents",
                            "(Ljava/nio/channels/SelectionKey;I)I", false);
                }
                super.visitInsn(opcode);
            }

            @Override
            public void visitMaxs(int maxStack, int maxLocals) {
                super.visitMaxs(ClassFiles.raised(maxStack, 1), maxLocals);
            }
        };
    }
}
