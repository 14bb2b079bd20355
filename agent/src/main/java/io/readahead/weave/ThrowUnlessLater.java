package io.readahead.weave;

import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * Has a class ask before it says that a file is too short for what it was to send, because nothing was sent.
 *
 * <pre>
 *   static void validate(Region region, long position) {
 *       ...
 *       before:  throw failure
 *       after:   throwUnlessLater(failure, region.file, region.position + position); return
 *   }
 * </pre>
 *
 * <p>What is longer than its file would otherwise fail at the first cold byte, and not behind the last one. The throw ends its branch and
 * so does the return, so no frame changes. A class without such a method stays as it is, and so does one that calls no {@code transferTo}.
 *
 * @param classEnding how the internal name of the class ends, whose static method has that class and a long as its parameters
 * @param method the method, which returns nothing
 * @param file its field for the file's channel
 * @param position its field for where in the file it begins
 * @param sought the method in words, for the report of a class that has another one
 */
public record ThrowUnlessLater(String classEnding, String method, String file, String position, String sought) implements Weaving {

    private static final String FILE_CHANNEL = "Ljava/nio/channels/FileChannel;";
    private static final int OBJECT_SLOT = 0;
    private static final int POSITION_SLOT = 1;
    private static final int MORE_STACK = 5;

    @Override
    public boolean concerns(String internalName, byte[] classFile) {
        return internalName.endsWith(classEnding) && ConstantPoolScan.mayCallTransferTo(classFile);
    }

    @Override
    public byte[] woven(byte[] classFile, int adapter) throws WrongShapeException {
        boolean[] found = new boolean[1];
        Shape shape = new Shape();
        byte[] woven = ClassFiles.rewrite(classFile, (name, original) -> {
            if (!name.startsWith(method + "(L") || !name.endsWith(classEnding + ";J)V")) {
                return original;
            }
            found[0] = true;
            return shape.in(original);
        });
        if (found[0] && !shape.isRight()) {
            throw new WrongShapeException(sought);
        }
        return found[0] ? woven : null;
    }

    /** What the method was seen to do. */
    private final class Shape {

        private String fileOwner;
        private String positionOwner;
        /** In an instance method that slot has no long, unless one was stored there. */
        private boolean readsPosition;
        private boolean overwrites;
        private int throwsReplaced;

        boolean isRight() {
            return throwsReplaced == 1 && readsPosition && !overwrites;
        }

        MethodVisitor in(MethodVisitor original) {
            return new MethodVisitor(ClassFiles.ASM_API, original) {
                @Override
                public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
                    if (opcode == Opcodes.GETFIELD && owner.endsWith(classEnding)) {
                        fileOwner = name.equals(file) && descriptor.equals(FILE_CHANNEL) ? owner : fileOwner;
                        positionOwner = name.equals(position) && descriptor.equals("J") ? owner : positionOwner;
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
                    super.visitVarInsn(Opcodes.ALOAD, OBJECT_SLOT);
                    super.visitFieldInsn(Opcodes.GETFIELD, fileOwner, file, FILE_CHANNEL);
                    super.visitVarInsn(Opcodes.ALOAD, OBJECT_SLOT);
                    super.visitFieldInsn(Opcodes.GETFIELD, positionOwner, position, "J");
                    super.visitVarInsn(Opcodes.LLOAD, POSITION_SLOT);
                    super.visitInsn(Opcodes.LADD);
                    Bridge.call(mv, "throwUnlessLater", Bridge.THROW_UNLESS_LATER);
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
