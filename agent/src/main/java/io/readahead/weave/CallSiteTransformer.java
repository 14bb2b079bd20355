package io.readahead.weave;

import io.readahead.bridge.ReadaheadBridge;
import java.lang.instrument.ClassFileTransformer;
import java.security.ProtectionDomain;
import java.util.function.Consumer;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.utility.OpenedClassReader;

/**
 * Rewrites the {@code FileChannel.transferTo} calls of the chosen packages.
 *
 * <pre>
 *   before:  invokevirtual java/nio/channels/FileChannel.transferTo(JJLjava/nio/channels/WritableByteChannel;)J
 *   after:   invokestatic  java/nio/channels/ReadaheadBridge.transferTo(Ljava/lang/Object;JJLjava/nio/channels/WritableByteChannel;)J
 * </pre>
 *
 * <p>Errors: what goes wrong is reported and the class stays as it is ("the exception is ignored by the JVM").
 * <p>Threads: those that load or retransform classes.
 */
public final class CallSiteTransformer implements ClassFileTransformer {

    private static final String BRIDGE = ReadaheadBridge.class.getName().replace('.', '/');
    private static final String BRIDGE_DESCRIPTOR = "(Ljava/lang/Object;JJLjava/nio/channels/WritableByteChannel;)J";

    private final PackageFilter packages;
    private final Runnable beforeFirst;
    private final Consumer<String> report;

    /**
     * @param beforeFirst runs each time before a woven class is handed to the JVM; sees to it that the hooks are in place
     * @param report is told, in a line, of a class that could not be woven
     */
    public CallSiteTransformer(PackageFilter packages, Runnable beforeFirst, Consumer<String> report) {
        this.packages = packages;
        this.beforeFirst = beforeFirst;
        this.report = report;
    }

    @Override
    public byte[] transform(ClassLoader loader, String className, Class<?> redefined, ProtectionDomain domain, byte[] classFile) {
        if (className == null || loader == CallSiteTransformer.class.getClassLoader() || !packages.matches(className)) {
            return null;
        }
        try {
            if (!ConstantPoolScan.mayCallTransferTo(classFile)) {
                return null;
            }
            byte[] woven = weave(loader, classFile);
            if (woven != null) {
                beforeFirst.run();
            }
            return woven;
        } catch (Throwable failure) {
            report.accept(className.replace('/', '.') + " could not be woven and stays as it is: " + failure);
            return null;
        }
    }

    /** @return null where no call is to a FileChannel */
    static byte[] weave(ClassLoader loader, byte[] classFile) {
        boolean[] found = new boolean[1];
        ClassReader own = OpenedClassReader.of(classFile);
        byte[] woven = ClassFiles.rewrite(classFile, (name, original) -> new MethodVisitor(OpenedClassReader.ASM_API, original) {
            @Override
            public void visitMethodInsn(int opcode, String owner, String method, String descriptor, boolean isInterface) {
                if (opcode == Opcodes.INVOKEVIRTUAL && method.equals(ConstantPoolScan.METHOD)
                        && descriptor.equals(ConstantPoolScan.DESCRIPTOR) && Ancestry.isFileChannel(owner, loader, own)) {
                    found[0] = true;
                    super.visitMethodInsn(Opcodes.INVOKESTATIC, BRIDGE, method, BRIDGE_DESCRIPTOR, false);
                } else {
                    super.visitMethodInsn(opcode, owner, method, descriptor, isInterface);
                }
            }
        });
        return found[0] ? woven : null;
    }
}
