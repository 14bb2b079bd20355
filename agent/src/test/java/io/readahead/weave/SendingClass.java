package io.readahead.weave;

import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.Handle;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import java.util.ArrayList;
import java.util.List;

/** Class files made by hand, and what their methods call. */
final class SendingClass {

    static final String NAME = "made/by/Hand";

    private static final int STACK = 6;
    private static final int LOCALS = 6;

    private SendingClass() {
    }

    /**
     * A class with {@code static long send(Object file, long position, long count, WritableByteChannel target)} that calls
     * transferTo.
     *
     * @param opcode how it is called
     * @param owner whose method it is
     */
    static byte[] calling(int opcode, String owner, String method, String descriptor) {
        return calling(opcode, owner, method, descriptor, "java/lang/Object");
    }

    static byte[] calling(int opcode, String owner, String method, String descriptor, String superclass, String... interfaces) {
        ClassWriter writer = new ClassWriter(0);
        writer.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, NAME, null, superclass, interfaces);
        MethodVisitor send = writer.visitMethod(Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC, "send",
                "(L" + owner + ";JJLjava/nio/channels/WritableByteChannel;)J", null, null);
        send.visitCode();
        send.visitVarInsn(Opcodes.ALOAD, 0);
        send.visitVarInsn(Opcodes.LLOAD, 1);
        send.visitVarInsn(Opcodes.LLOAD, 3);
        send.visitVarInsn(Opcodes.ALOAD, 5);
        send.visitMethodInsn(opcode, owner, method, descriptor, opcode == Opcodes.INVOKEINTERFACE);
        send.visitInsn(Opcodes.LRETURN);
        send.visitMaxs(STACK, LOCALS);
        send.visitEnd();
        writer.visitEnd();
        return writer.toByteArray();
    }

    /** A class or an interface without methods. */
    static byte[] empty(int access, String name, String superclass, String... interfaces) {
        ClassWriter writer = new ClassWriter(0);
        writer.visit(Opcodes.V17, access, name, null, superclass, interfaces);
        writer.visitEnd();
        return writer.toByteArray();
    }

    /** A class whose method makes an object of a reference to {@code FileChannel::transferTo}. */
    static byte[] referring() {
        ClassWriter writer = new ClassWriter(0);
        writer.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, NAME, null, "java/lang/Object", null);
        MethodVisitor send = writer.visitMethod(Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC, "send", "()Ljava/lang/Object;", null, null);
        send.visitCode();
        send.visitInvokeDynamicInsn("make", "()Ljava/lang/Object;",
                new Handle(Opcodes.H_INVOKESTATIC, "made/by/Factory", "make", "()V", false),
                new Handle(Opcodes.H_INVOKEVIRTUAL, Ancestry.FILE_CHANNEL, ConstantPoolScan.METHOD, ConstantPoolScan.DESCRIPTOR, false));
        send.visitInsn(Opcodes.ARETURN);
        send.visitMaxs(STACK, LOCALS);
        send.visitEnd();
        writer.visitEnd();
        return writer.toByteArray();
    }

    /** The calls of a class, as {@code owner.method}. */
    static List<String> calls(byte[] classFile) {
        List<String> calls = new ArrayList<>();
        new ClassReader(classFile).accept(new ClassVisitor(Opcodes.ASM9) {
            @Override
            public MethodVisitor visitMethod(int access, String name, String descriptor, String signature, String[] exceptions) {
                return new MethodVisitor(Opcodes.ASM9) {
                    @Override
                    public void visitMethodInsn(int opcode, String owner, String method, String called, boolean isInterface) {
                        calls.add(owner + "." + method);
                    }
                };
            }
        }, 0);
        return calls;
    }
}
