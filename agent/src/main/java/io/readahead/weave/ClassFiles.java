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

    private static final int MOST_SLOTS = 0xFFFF;

    private ClassFiles() {
    }

    /**
     * Rewrites the methods for which a visitor is given.
     *
     * @param methods gets a method's name and the writer's visitor; returns that visitor, or one that wraps it. (Declared as Object: to
     *                verify a recipe, the JVM would load the visitor's class in servers that have nothing to weave.)
     * @return the class file
     */
    static byte[] rewrite(byte[] classFile, BiFunction<String, MethodVisitor, Object> methods) {
        return rewrite(classFile, 0, methods);
    }

    /** As {@link #rewrite}, for code that takes local variable 0 for {@code this}: static methods keep their bytes. */
    static byte[] rewriteInstanceMethods(byte[] classFile, BiFunction<String, MethodVisitor, Object> methods) {
        return rewrite(classFile, Opcodes.ACC_STATIC, methods);
    }

    private static byte[] rewrite(byte[] classFile, int leftAlone, BiFunction<String, MethodVisitor, Object> methods) {
        ClassReader reader = new ClassReader(classFile);
        ClassWriter writer = new ClassWriter(reader, 0);
        reader.accept(new ClassVisitor(ASM_API, writer) {
            /** The JVM compares indexes into the constant pool, and takes this; the writer gives both names one index. */
            @Override
            public void visitInnerClass(String name, String outerName, String innerName, int access) {
                if (name.equals(outerName)) {
                    throw new IllegalStateException("a class that is said to be inside of itself: " + name);
                }
                super.visitInnerClass(name, outerName, innerName, access);
            }

            @Override
            public MethodVisitor visitMethod(int access, String name, String descriptor, String signature, String[] exceptions) {
                MethodVisitor original = super.visitMethod(access, name, descriptor, signature, exceptions);
                return (access & leftAlone) != 0 ? original : (MethodVisitor) methods.apply(name + descriptor, original);
            }
        }, 0);
        return writer.toByteArray();
    }

    /**
     * A limit of a method's stack or local variables, made larger.
     *
     * <p>Errors: IllegalStateException where no class file can say the number (JVMS 4.7.3: it has 16 bits).
     */
    static int raised(int limit, int more) {
        if (limit + more > MOST_SLOTS) {
            throw new IllegalStateException("a method has " + limit + " slots already, and " + more + " more are needed");
        }
        return limit + more;
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
