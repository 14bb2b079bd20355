package io.readahead.weave;

import io.readahead.bridge.ReadaheadBridge;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/** How woven code names the bridge. Initialized when the first class is woven: outside a server there is no bridge to load. */
final class Bridge {

    static final String NAME = ReadaheadBridge.class.getName().replace('.', '/');
    /** Adapter, receiver, source, position, count. */
    static final String ADMIT = "(ILjava/lang/Object;Ljava/lang/Object;JJ)J";
    /** Sent, adapter, receiver, source, position. */
    static final String NOTE = "(JILjava/lang/Object;Ljava/lang/Object;J)J";
    /** File, buffer, receiver, adapter. */
    static final String READ = "(Ljava/nio/channels/FileChannel;Ljava/nio/ByteBuffer;Ljava/lang/Object;I)I";

    /** Adapter, receiver, source, whether it reads. */
    static final String CALLEE = "(ILjava/lang/Object;Ljava/lang/Object;Z)Ljava/lang/Object;";
    /** Adapter, receiver, source, count. */
    static final String LATER = "(ILjava/lang/Object;Ljava/lang/Object;J)Z";

    /** Adapter, receiver, buffers. */
    static final String PART = "(ILjava/lang/Object;[Ljava/nio/ByteBuffer;)[Ljava/nio/ByteBuffer;";
    /** Whether all was taken, adapter, receiver, buffers. */
    static final String FLUSHED = "(ZILjava/lang/Object;[Ljava/nio/ByteBuffer;)Z";
    /** Buffer. */
    static final String OWN_PART = "(Ljava/nio/ByteBuffer;)Ljava/nio/ByteBuffer;";
    /** Adapter, receiver. */
    static final String PARKED = "(ILjava/lang/Object;)Z";

    /** Failure, file, position. */
    static final String THROW_UNLESS_LATER = "(Ljava/lang/Throwable;Ljava/nio/channels/FileChannel;J)V";

    private Bridge() {
    }

    static void pushNumber(MethodVisitor code, int number) {
        code.visitIntInsn(Opcodes.BIPUSH, number);
    }

    static void call(MethodVisitor code, String method, String descriptor) {
        code.visitMethodInsn(Opcodes.INVOKESTATIC, NAME, method, descriptor, false);
    }
}
