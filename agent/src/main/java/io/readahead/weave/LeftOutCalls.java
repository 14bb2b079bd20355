package io.readahead.weave;

import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.Handle;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import java.lang.invoke.MethodHandle;
import java.util.function.BiConsumer;

/**
 * Finds the {@code FileChannel.transferTo} calls of a class that {@link TransferToRecipe} leaves as they are: by method references, and on
 * a class whose file is not to be had.
 *
 * <p>A class of its own, so that servers that have nothing to weave load none of it.
 */
final class LeftOutCalls {

    private LeftOutCalls() {
    }

    /** @param found is told class and method of each, and the name of the class that is the reason */
    static void of(ClassLoader loader, byte[] classFile, BiConsumer<String, String> found) {
        ClassReader own = new ClassReader(classFile);
        String className = own.getClassName().replace('/', '.');
        own.accept(new ClassVisitor(ClassFiles.ASM_API) {
            @Override
            public MethodVisitor visitMethod(int access, String name, String descriptor, String signature, String[] exceptions) {
                return new MethodVisitor(ClassFiles.ASM_API) {
                    @Override
                    public void visitMethodInsn(int opcode, String owner, String method, String called, boolean isInterface) {
                        if (opcode == Opcodes.INVOKEVIRTUAL && isTransferTo(method, called) && Ancestry.isUnknown(owner, loader, own)) {
                            found.accept(className + "." + name, owner.replace('/', '.'));
                        }
                    }

                    @Override
                    public void visitInvokeDynamicInsn(String method, String called, Handle bootstrap, Object... arguments) {
                        for (Object argument : arguments) {
                            if (argument instanceof Handle handle && isTransferTo(handle.getName(), handle.getDesc())
                                    && Ancestry.isFileChannel(handle.getOwner(), loader, own)) {
                                found.accept(className + "." + name, MethodHandle.class.getName());
                            }
                        }
                    }
                };
            }
        }, ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
    }

    private static boolean isTransferTo(String method, String descriptor) {
        return method.equals(ConstantPoolScan.METHOD) && descriptor.equals(ConstantPoolScan.DESCRIPTOR);
    }
}
