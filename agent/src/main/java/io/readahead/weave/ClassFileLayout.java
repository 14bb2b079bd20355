package io.readahead.weave;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Where the parts of a class file begin: the constant pool, each method, and the code of each.
 *
 * <p>Source: JVMS 4.1, 4.4, 4.6, 4.7. Errors: IllegalStateException or IndexOutOfBoundsException for what is no class file.
 */
final class ClassFileLayout {

    static final int POOL_COUNT = 8;
    static final int POOL_START = 10;

    private static final byte[] CODE = "Code".getBytes(StandardCharsets.US_ASCII);
    private static final int UTF8 = 1;
    private static final int DYNAMIC = 17;
    private static final int INVOKE_DYNAMIC = 18;
    /** Of access flags, this class and super class; of a field or a method, its access flags, name and descriptor. */
    private static final int THREE_INDEXES = 6;
    private static final int ATTRIBUTE_HEADER = 6;

    private final byte[] bytes;
    private final int[] pool;
    private final int poolEnd;
    private final int[] methods;

    ClassFileLayout(byte[] classFile) {
        bytes = classFile;
        pool = new int[u2(POOL_COUNT)];
        int at = POOL_START;
        for (int index = 1; index < pool.length; index++) {
            pool[index] = at;
            int tag = bytes[at];
            at += ConstantPoolScan.entryBytes(bytes, at);
            if (ConstantPoolScan.takesTwoIndexes(tag)) {
                index++;
            }
        }
        poolEnd = at;
        at += THREE_INDEXES;
        at += 2 + 2 * u2(at);
        int fields = u2(at);
        at += 2;
        for (int field = 0; field < fields; field++) {
            at = memberEnd(at);
        }
        methods = new int[u2(at) + 1];
        at += 2;
        for (int method = 0; method < methods.length; method++) {
            methods[method] = at;
            if (method < methods.length - 1) {
                at = memberEnd(at);
            }
        }
    }

    /** The first byte behind the constant pool. */
    int poolEnd() {
        return poolEnd;
    }

    int methods() {
        return methods.length - 1;
    }

    /** Where a method begins; with the number of methods, what is behind the last. */
    int method(int number) {
        return methods[number];
    }

    /** Whether entries from an index on refer to the table of bootstrap methods. */
    boolean hasDynamicFrom(int index) {
        return Arrays.stream(pool, index, pool.length).anyMatch(at -> at != 0 && (bytes[at] == DYNAMIC || bytes[at] == INVOKE_DYNAMIC));
    }

    int poolCount() {
        return pool.length;
    }

    /** Where the one attribute of a method begins that is its code. */
    int code(int method) {
        int found = 0;
        int at = methods[method] + THREE_INDEXES + 2;
        for (int attribute = u2(at - 2); attribute > 0; attribute--) {
            if (isCode(u2(at))) {
                if (found != 0) {
                    throw new IllegalStateException("a method has more than one code");
                }
                found = at;
            }
            at = attributeEnd(at);
        }
        if (found == 0) {
            throw new IllegalStateException("a method has no code");
        }
        return found;
    }

    int attributeEnd(int at) {
        long end = (long) at + ATTRIBUTE_HEADER + (Integer.toUnsignedLong(u2(at + 2) << Short.SIZE | u2(at + 4)));
        if (end > bytes.length) {
            throw new IllegalStateException("an attribute is longer than the class file");
        }
        return (int) end;
    }

    private int memberEnd(int member) {
        int at = member + THREE_INDEXES + 2;
        for (int attribute = u2(at - 2); attribute > 0; attribute--) {
            at = attributeEnd(at);
        }
        return at;
    }

    private boolean isCode(int name) {
        int at = pool[name];
        return bytes[at] == UTF8 && u2(at + 1) == CODE.length && Arrays.equals(bytes, at + 3, at + 3 + CODE.length, CODE, 0, CODE.length);
    }

    private int u2(int at) {
        return (bytes[at] & 0xFF) << Byte.SIZE | bytes[at + 1] & 0xFF;
    }
}
