package io.readahead.weave;

import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * Has Netty's native epoll transport ask before it hands a file region to sendfile(2), and tell what was sent.
 *
 * <pre>
 *   before:  socket.sendFile(region, base, offset, length)
 *   after:   noteRegion(socket.sendFile(region, base, offset, admitRegion(this, region, base, offset, length)),
 *                       this, region, base, offset)
 * </pre>
 *
 * <p>A length of 0 is sendfile(2) with a count of 0, which touches no file. The operands are kept in local variables above the
 * method's own; there is no branch between, so no frame changes.
 * <p>Source: {@code AbstractEpollStreamChannel.writeDefaultFileRegion}, Netty 4.1.136 and 4.2.18.
 */
final class NettyEpollRecipe implements Recipe {

    private static final String CLASS = "io/netty/channel/epoll/AbstractEpollStreamChannel";
    private static final String METHOD = "sendFile";
    private static final String OWNER_ENDS = "io/netty/channel/epoll/LinuxSocket";
    private static final String REGION_ENDS = "io/netty/channel/DefaultFileRegion;JJJ)J";
    private static final String ADMIT = "(Ljava/lang/Object;Ljava/lang/Object;JJJ)J";
    private static final String NOTE = "(JLjava/lang/Object;Ljava/lang/Object;JJ)J";
    /** Slots of the operands that are kept: region, base, offset, length. */
    private static final int BASE_SLOT = 1;
    private static final int OFFSET_SLOT = 3;
    private static final int LENGTH_SLOT = 5;
    private static final int KEPT_SLOTS = 7;
    /** What the calls push on top of the original operands. */
    private static final int MORE_STACK = 8;

    @Override
    public boolean concerns(String internalName, byte[] classFile) {
        return internalName.endsWith(CLASS);
    }

    @Override
    public byte[] weave(ClassLoader loader, byte[] classFile) throws WrongShapeException {
        boolean[] found = new boolean[1];
        byte[] woven = ClassFiles.rewriteInstanceMethods(classFile, (method, original) -> {
            int firstFreeLocal = ClassFiles.maxLocals(classFile, method);
            return new MethodVisitor(ClassFiles.ASM_API, original) {
                private boolean here;

                @Override
                public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
                    if (opcode != Opcodes.INVOKEVIRTUAL || !name.equals(METHOD) || !owner.endsWith(OWNER_ENDS)
                            || !descriptor.endsWith(REGION_ENDS)) {
                        super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
                        return;
                    }
                    here = true;
                    found[0] = true;
                    super.visitVarInsn(Opcodes.LSTORE, firstFreeLocal + LENGTH_SLOT);
                    super.visitVarInsn(Opcodes.LSTORE, firstFreeLocal + OFFSET_SLOT);
                    super.visitVarInsn(Opcodes.LSTORE, firstFreeLocal + BASE_SLOT);
                    super.visitVarInsn(Opcodes.ASTORE, firstFreeLocal);
                    loadRegion();
                    super.visitVarInsn(Opcodes.ALOAD, 0);
                    loadRegion();
                    super.visitVarInsn(Opcodes.LLOAD, firstFreeLocal + LENGTH_SLOT);
                    super.visitMethodInsn(Opcodes.INVOKESTATIC, Bridge.NAME, "admitRegion", ADMIT, false);
                    super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
                    super.visitVarInsn(Opcodes.ALOAD, 0);
                    loadRegion();
                    super.visitMethodInsn(Opcodes.INVOKESTATIC, Bridge.NAME, "noteRegion", NOTE, false);
                }

                private void loadRegion() {
                    super.visitVarInsn(Opcodes.ALOAD, firstFreeLocal);
                    super.visitVarInsn(Opcodes.LLOAD, firstFreeLocal + BASE_SLOT);
                    super.visitVarInsn(Opcodes.LLOAD, firstFreeLocal + OFFSET_SLOT);
                }

                @Override
                public void visitMaxs(int maxStack, int maxLocals) {
                    super.visitMaxs(here ? ClassFiles.raised(maxStack, MORE_STACK) : maxStack,
                            here ? ClassFiles.raised(firstFreeLocal, KEPT_SLOTS) : maxLocals);
                }
            };
        });
        if (!found[0]) {
            throw new WrongShapeException("a call of LinuxSocket.sendFile(DefaultFileRegion, long, long, long)");
        }
        return woven;
    }
}
