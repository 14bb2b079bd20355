package io.readahead.weave;

import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.FieldVisitor;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.BitSet;
import java.util.function.BiFunction;

/** Rewrites single instructions of a class file; all but the code of their methods keeps its bytes. */
final class ClassFiles {

    /** Of the class reader and writer that Byte Buddy carries; they know class files up to those of JDK 28 and refuse newer ones. */
    static final int ASM_API = Opcodes.ASM9;

    private static final int MOST_SLOTS = 0xFFFF;
    private static final int MINOR = 4;
    private static final int MAJOR = 6;
    /** Class files of JDK 1.1 are 45.3 and have the code attribute of today (JVMS 4.1, HotSpot's classFileParser). */
    private static final int OLDEST_MAJOR = 45;
    private static final int OLDEST_MINOR = 3;

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
        if (reader.readUnsignedShort(MAJOR) <= OLDEST_MAJOR && reader.readUnsignedShort(MINOR) < OLDEST_MINOR) {
            throw new IllegalStateException("a class file from before JDK 1.1, whose code is written in another way");
        }
        ClassWriter writer = new ClassWriter(reader, 0);
        BitSet changed = new BitSet();
        reader.accept(new ClassVisitor(ASM_API, writer) {
            private int number = -1;

            @Override
            public MethodVisitor visitMethod(int access, String name, String descriptor, String signature, String[] exceptions) {
                number++;
                int method = number;
                MethodVisitor original = new MethodVisitor(ASM_API, super.visitMethod(access, name, descriptor, signature, exceptions)) {
                    @Override
                    public void visitMethodInsn(int opcode, String owner, String called, String calledDescriptor, boolean isInterface) {
                        if (owner.equals(Bridge.NAME)) {
                            changed.set(method);
                        }
                        super.visitMethodInsn(opcode, owner, called, calledDescriptor, isInterface);
                    }
                };
                return (access & leftAlone) != 0 ? original : (MethodVisitor) methods.apply(name + descriptor, original);
            }
        }, 0);
        return spliced(classFile, writer.toByteArray(), changed);
    }

    /**
     * The original with the code of some methods replaced, and with what that code needs added to the constant pool.
     *
     * <p>The writer would make a class file of its own taste of all the rest: what an obfuscator did to it is not ours to judge.
     */
    private static byte[] spliced(byte[] original, byte[] rewritten, BitSet changed) {
        ClassFileLayout before = new ClassFileLayout(original);
        ClassFileLayout after = new ClassFileLayout(rewritten);
        if (after.methods() != before.methods() || after.hasDynamicFrom(before.poolCount()) || !Arrays.equals(original,
                ClassFileLayout.POOL_START, before.poolEnd(), rewritten, ClassFileLayout.POOL_START, before.poolEnd())) {
            throw new IllegalStateException("a class file that can't be written again as it is");
        }
        ByteArrayOutputStream result = new ByteArrayOutputStream(rewritten.length);
        result.write(original, 0, ClassFileLayout.POOL_COUNT);
        result.write(rewritten, ClassFileLayout.POOL_COUNT, after.poolEnd() - ClassFileLayout.POOL_COUNT);
        int copied = before.poolEnd();
        for (int method = changed.nextSetBit(0); method >= 0; method = changed.nextSetBit(method + 1)) {
            int code = before.code(method);
            result.write(original, copied, code - copied);
            copied = before.attributeEnd(code);
            int newCode = after.code(method);
            result.write(rewritten, newCode, after.attributeEnd(newCode) - newCode);
        }
        result.write(original, copied, original.length - copied);
        return result.toByteArray();
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

    /** Whether the class has a field of its own. */
    static boolean hasField(byte[] classFile, String name, String descriptor) {
        boolean[] found = new boolean[1];
        new ClassReader(classFile).accept(new ClassVisitor(ASM_API) {
            @Override
            public FieldVisitor visitField(int access, String field, String fieldDescriptor, String signature, Object value) {
                found[0] |= field.equals(name) && fieldDescriptor.equals(descriptor) && (access & Opcodes.ACC_STATIC) == 0;
                return null;
            }
        }, ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG);
        return found[0];
    }

    /** The class's name, with dots. */
    static String nameOf(byte[] classFile) {
        return new ClassReader(classFile).getClassName().replace('/', '.');
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
