package io.readahead.weave;

import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import java.util.function.BiFunction;

/** Rewrites single instructions of a class file; all else keeps its bytes. */
final class ClassFiles {

    /** Of the class reader and writer that Byte Buddy carries; they know class files up to those of JDK 28 and refuse newer ones. */
    static final int ASM_API = Opcodes.ASM9;

    private ClassFiles() {
    }

    /**
     * Rewrites the methods for which a visitor is given.
     *
     * @param methods gets a method's name and the writer's visitor; returns that visitor, or one that wraps it
     * @return the class file
     */
    static byte[] rewrite(byte[] classFile, BiFunction<String, MethodVisitor, MethodVisitor> methods) {
        return rewrite(classFile, 0, methods);
    }

    /** As {@link #rewrite}, for code that takes local variable 0 for {@code this}: static methods keep their bytes. */
    static byte[] rewriteInstanceMethods(byte[] classFile, BiFunction<String, MethodVisitor, MethodVisitor> methods) {
        return rewrite(classFile, Opcodes.ACC_STATIC, methods);
    }

    private static byte[] rewrite(byte[] classFile, int leftAlone, BiFunction<String, MethodVisitor, MethodVisitor> methods) {
        ClassReader reader = new ClassReader(classFile);
        ClassWriter writer = new ClassWriter(reader, 0);
        reader.accept(new ClassVisitor(ASM_API, writer) {
            @Override
            public MethodVisitor visitMethod(int access, String name, String descriptor, String signature, String[] exceptions) {
                MethodVisitor original = super.visitMethod(access, name, descriptor, signature, exceptions);
                return (access & leftAlone) != 0 ? original : methods.apply(name + descriptor, original);
            }
        }, 0);
        return writer.toByteArray();
    }

    /** The local variable slots of a method, named as for {@link #rewrite}. */
    static int maxLocals(byte[] classFile, String methodAndDescriptor) {
        int[] found = new int[1];
        new ClassReader(classFile).accept(new ClassVisitor(ASM_API) {
            @Override
            public MethodVisitor visitMethod(int access, String name, String descriptor, String signature, String[] exceptions) {
                return !methodAndDescriptor.equals(name + descriptor) ? null : new MethodVisitor(ASM_API) {
                    @Override
                    public void visitMaxs(int maxStack, int maxLocals) {
                        found[0] = maxLocals;
                    }
                };
            }
        }, ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        return found[0];
    }
}
