package io.readahead.weave;

import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import java.util.function.Consumer;

/**
 * Class files that send a file, made for the test.
 *
 * <p>Each has {@code static long run(FileChannel file, WritableByteChannel target)}, whose operand stack holds no more than it must.
 */
final class Samples {

    static final String RUN = "run";
    static final String RUN_DESCRIPTOR = "(Ljava/nio/channels/FileChannel;Ljava/nio/channels/WritableByteChannel;)J";
    /** The bytes that each call asks for. */
    static final long COUNT = 100;

    /** Class files of JDK 1.1: 45.3. */
    static final int JAVA_1_1 = 3 << 16 | 45;
    private static final int LAST_WITH_JSR = 49;
    private static final int FIRST_WITH_FRAMES = 50;
    private static final int STATIC = Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC;

    private Samples() {
    }

    /** A class of a version with a call in each of the places that a rewriting could break. */
    static byte[] everyPlace(String internalName, int version) {
        return build(internalName, version, writer -> {
            method(writer, RUN, code -> {
                boolean subroutines = (version & 0xFFFF) <= LAST_WITH_JSR;
                sum(code, internalName, "plain", "deep", "guarded", "uninitialized", "looped", subroutines ? "subroutine" : "plain");
                code.visitInsn(Opcodes.LRETURN);
            });
            method(writer, "plain", code -> {
                call(code);
                code.visitInsn(Opcodes.LRETURN);
            });
            method(writer, "deep", Samples::deep);
            method(writer, "guarded", Samples::guarded);
            method(writer, "uninitialized", Samples::uninitialized);
            method(writer, "looped", Samples::looped);
            if ((version & 0xFFFF) <= LAST_WITH_JSR) {
                method(writer, "subroutine", Samples::subroutine);
            }
        });
    }

    /** A class with one method, which is given its name. */
    static byte[] one(String internalName, int version, String method, Consumer<MethodVisitor> body) {
        return build(internalName, version, writer -> method(writer, method, body));
    }

    /** A class whose run calls once, and whose constant pool has as many entries more as there is room for, but for some. */
    static byte[] crowded(String internalName, int entries) {
        return build(internalName, Opcodes.V17, writer -> {
            method(writer, RUN, code -> {
                call(code);
                code.visitInsn(Opcodes.LRETURN);
            });
            for (int number = 0; number < entries; number++) {
                writer.newConst(number);
            }
        });
    }

    /** A class whose run jumps over a call and as many instructions of one byte. */
    static byte[] longMethod(String internalName, int version, int padding) {
        return one(internalName, version, RUN, code -> {
            Label end = new Label();
            Label never = new Label();
            code.visitInsn(Opcodes.ICONST_0);
            code.visitJumpInsn(Opcodes.IFNE, never);
            call(code);
            code.visitInsn(Opcodes.L2I);
            for (int number = 0; number < padding; number++) {
                code.visitInsn(Opcodes.NOP);
            }
            code.visitJumpInsn(Opcodes.GOTO, end);
            code.visitLabel(never);
            code.visitInsn(Opcodes.ICONST_0);
            code.visitLabel(end);
            code.visitInsn(Opcodes.I2L);
            code.visitInsn(Opcodes.LRETURN);
        });
    }

    private static byte[] build(String internalName, int version, Consumer<ClassWriter> members) {
        boolean frames = (version & 0xFFFF) >= FIRST_WITH_FRAMES;
        ClassWriter writer = new ClassWriter(frames ? ClassWriter.COMPUTE_FRAMES : ClassWriter.COMPUTE_MAXS);
        writer.visit(version, Opcodes.ACC_PUBLIC | Opcodes.ACC_SUPER, internalName, null, "java/lang/Object", null);
        members.accept(writer);
        writer.visitEnd();
        return writer.toByteArray();
    }

    private static void method(ClassWriter writer, String name, Consumer<MethodVisitor> body) {
        MethodVisitor code = writer.visitMethod(STATIC, name, RUN_DESCRIPTOR, null, new String[] {"java/io/IOException"});
        code.visitCode();
        body.accept(code);
        code.visitMaxs(0, 0);
        code.visitEnd();
    }

    /** Pushes what {@code file.transferTo(0, COUNT, target)} returned. */
    static void call(MethodVisitor code) {
        code.visitVarInsn(Opcodes.ALOAD, 0);
        code.visitInsn(Opcodes.LCONST_0);
        code.visitLdcInsn(COUNT);
        code.visitVarInsn(Opcodes.ALOAD, 1);
        code.visitMethodInsn(Opcodes.INVOKEVIRTUAL, "java/nio/channels/FileChannel", "transferTo", ConstantPoolScan.DESCRIPTOR, false);
    }

    private static void sum(MethodVisitor code, String owner, String... methods) {
        code.visitInsn(Opcodes.LCONST_0);
        for (String method : methods) {
            code.visitVarInsn(Opcodes.ALOAD, 0);
            code.visitVarInsn(Opcodes.ALOAD, 1);
            code.visitMethodInsn(Opcodes.INVOKESTATIC, owner, method, RUN_DESCRIPTOR, false);
            code.visitInsn(Opcodes.LADD);
        }
    }

    /** Four longs lie on the stack below the call. */
    private static void deep(MethodVisitor code) {
        for (int number = 0; number < 4; number++) {
            code.visitInsn(Opcodes.LCONST_1);
        }
        call(code);
        for (int number = 0; number < 4; number++) {
            code.visitInsn(Opcodes.LADD);
        }
        code.visitInsn(Opcodes.LRETURN);
    }

    private static void guarded(MethodVisitor code) {
        Label begin = new Label();
        Label end = new Label();
        Label caught = new Label();
        code.visitTryCatchBlock(begin, end, caught, "java/io/IOException");
        code.visitLabel(begin);
        call(code);
        code.visitVarInsn(Opcodes.LSTORE, 2);
        code.visitLabel(end);
        code.visitVarInsn(Opcodes.LLOAD, 2);
        code.visitInsn(Opcodes.LRETURN);
        code.visitLabel(caught);
        code.visitInsn(Opcodes.POP);
        code.visitInsn(Opcodes.LCONST_1);
        code.visitInsn(Opcodes.LRETURN);
    }

    /** An object that is no object yet lies on the stack: frames name the instruction that made it by its offset. */
    private static void uninitialized(MethodVisitor code) {
        Label skip = new Label();
        call(code);
        code.visitVarInsn(Opcodes.LSTORE, 2);
        code.visitTypeInsn(Opcodes.NEW, "java/lang/Long");
        code.visitInsn(Opcodes.DUP);
        code.visitVarInsn(Opcodes.ALOAD, 0);
        code.visitJumpInsn(Opcodes.IFNONNULL, skip);
        call(code);
        code.visitVarInsn(Opcodes.LSTORE, 2);
        code.visitLabel(skip);
        call(code);
        code.visitVarInsn(Opcodes.LLOAD, 2);
        code.visitInsn(Opcodes.LADD);
        code.visitMethodInsn(Opcodes.INVOKESPECIAL, "java/lang/Long", "<init>", "(J)V", false);
        code.visitMethodInsn(Opcodes.INVOKEVIRTUAL, "java/lang/Long", "longValue", "()J", false);
        code.visitInsn(Opcodes.LRETURN);
    }

    private static void looped(MethodVisitor code) {
        Label again = new Label();
        Label done = new Label();
        Label twice = new Label();
        code.visitInsn(Opcodes.LCONST_0);
        code.visitVarInsn(Opcodes.LSTORE, 3);
        code.visitInsn(Opcodes.ICONST_0);
        code.visitVarInsn(Opcodes.ISTORE, 2);
        code.visitLabel(again);
        code.visitVarInsn(Opcodes.LLOAD, 3);
        call(code);
        code.visitInsn(Opcodes.LADD);
        code.visitVarInsn(Opcodes.LSTORE, 3);
        code.visitIincInsn(2, 1);
        code.visitVarInsn(Opcodes.ILOAD, 2);
        code.visitTableSwitchInsn(0, 2, done, again, again, twice);
        code.visitLabel(twice);
        code.visitJumpInsn(Opcodes.GOTO, again);
        code.visitLabel(done);
        code.visitVarInsn(Opcodes.LLOAD, 3);
        code.visitInsn(Opcodes.LRETURN);
    }

    /** What javac made of finally until Java 5. */
    private static void subroutine(MethodVisitor code) {
        Label routine = new Label();
        code.visitJumpInsn(Opcodes.JSR, routine);
        code.visitJumpInsn(Opcodes.JSR, routine);
        code.visitVarInsn(Opcodes.LLOAD, 3);
        code.visitInsn(Opcodes.LRETURN);
        code.visitLabel(routine);
        code.visitVarInsn(Opcodes.ASTORE, 2);
        call(code);
        code.visitVarInsn(Opcodes.LSTORE, 3);
        code.visitVarInsn(Opcodes.RET, 2);
    }
}
