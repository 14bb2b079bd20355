package io.readahead.weave;

import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import java.util.function.BiConsumer;

/**
 * Rewrites the {@code transferTo} call of Netty's file region, and has Netty ask before it says that the file is too short for it.
 *
 * <pre>
 *   static void validate(DefaultFileRegion region, long position) {      // called after a 0, NIO and native epoll
 *       ...
 *       before:  throw failure
 *       after:   throwUnlessLater(failure, region.file, region.position + position); return
 *   }
 * </pre>
 *
 * <p>A region that is longer than its file would otherwise fail at the first cold byte, and not behind the last one. The throw ends its
 * branch and so does the return, so no frame changes.
 * <p>Source: {@code DefaultFileRegion.validate}, {@code AbstractChannel.validateFileRegion}, Netty 4.1.136 and 4.2.18. Older ones take any
 * 0 for a full socket and have no such method; of them the call is rewritten.
 */
final class NettyRegionRecipe implements Recipe {

    private static final String CLASS = "io/netty/channel/DefaultFileRegion";
    private static final String METHOD = "validate(L";
    private static final String METHOD_ENDS = CLASS + ";J)V";
    private static final String FILE_CHANNEL = "Ljava/nio/channels/FileChannel;";
    private static final String THROW = "(Ljava/lang/Throwable;Ljava/nio/channels/FileChannel;J)V";
    private static final int REGION_SLOT = 0;
    private static final int POSITION_SLOT = 1;
    private static final int MORE_STACK = 5;

    private final Recipe transferTo = new TransferToRecipe();

    @Override
    public boolean concerns(String internalName, byte[] classFile) {
        return internalName.endsWith(CLASS) && transferTo.concerns(internalName, classFile);
    }

    @Override
    public byte[] weave(ClassLoader loader, byte[] classFile) throws WrongShapeException {
        byte[] sending = transferTo.weave(loader, classFile);
        if (sending == null) {
            return null;
        }
        boolean[] found = new boolean[1];
        Shape shape = new Shape();
        byte[] woven = ClassFiles.rewrite(sending, (method, original) -> {
            if (!method.startsWith(METHOD) || !method.endsWith(METHOD_ENDS)) {
                return original;
            }
            found[0] = true;
            return shape.in(original);
        });
        if (found[0] && !shape.isRight()) {
            throw new WrongShapeException("one throw in static validate(DefaultFileRegion region, long position), which looks at"
                    + " region.file and region.position first");
        }
        return woven;
    }

    @Override
    public void leftOut(ClassLoader loader, byte[] classFile, BiConsumer<String, String> found) {
        transferTo.leftOut(loader, classFile, found);
    }

    /** What validate() was seen to do. */
    private static final class Shape {

        private String fileOwner;
        private String positionOwner;
        /** In an instance method that slot has no long, unless one was stored there. */
        private boolean readsPosition;
        private boolean overwrites;
        private int throwsReplaced;

        boolean isRight() {
            return throwsReplaced == 1 && readsPosition && !overwrites;
        }

        Object in(MethodVisitor original) {
            return new MethodVisitor(ClassFiles.ASM_API, original) {
                @Override
                public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
                    if (opcode == Opcodes.GETFIELD && owner.endsWith(CLASS)) {
                        fileOwner = name.equals("file") && descriptor.equals(FILE_CHANNEL) ? owner : fileOwner;
                        positionOwner = name.equals("position") && descriptor.equals("J") ? owner : positionOwner;
                    }
                    super.visitFieldInsn(opcode, owner, name, descriptor);
                }

                @Override
                public void visitVarInsn(int opcode, int slot) {
                    readsPosition |= opcode == Opcodes.LLOAD && slot == POSITION_SLOT;
                    overwrites |= opcode >= Opcodes.ISTORE && opcode <= Opcodes.ASTORE && slot <= POSITION_SLOT + 1;
                    super.visitVarInsn(opcode, slot);
                }

                @Override
                public void visitInsn(int opcode) {
                    if (opcode != Opcodes.ATHROW || fileOwner == null || positionOwner == null) {
                        super.visitInsn(opcode);
                        return;
                    }
                    throwsReplaced++;
                    super.visitVarInsn(Opcodes.ALOAD, REGION_SLOT);
                    super.visitFieldInsn(Opcodes.GETFIELD, fileOwner, "file", FILE_CHANNEL);
                    super.visitVarInsn(Opcodes.ALOAD, REGION_SLOT);
                    super.visitFieldInsn(Opcodes.GETFIELD, positionOwner, "position", "J");
                    super.visitVarInsn(Opcodes.LLOAD, POSITION_SLOT);
                    super.visitInsn(Opcodes.LADD);
                    super.visitMethodInsn(Opcodes.INVOKESTATIC, Bridge.NAME, "throwUnlessLater", THROW, false);
                    super.visitInsn(Opcodes.RETURN);
                }

                @Override
                public void visitMaxs(int maxStack, int maxLocals) {
                    super.visitMaxs(ClassFiles.raised(maxStack, MORE_STACK), maxLocals);
                }
            };
        }
    }
}
