package io.readahead.weave;

/**
 * Looks for names in a class file, such as {@code transferTo(long, long, WritableByteChannel)}, without parsing the class.
 *
 * <p>Source: JVMS 4.4. Errors: never throws; of what it can't read it says no.
 * <p>Threads: any; allocates nothing.
 */
final class ConstantPoolScan {

    static final String METHOD = "transferTo";
    static final String DESCRIPTOR = "(JJLjava/nio/channels/WritableByteChannel;)J";

    private static final int POOL_START = 10;
    private static final int UTF8 = 1;
    private static final int LONG = 5;
    private static final int DOUBLE = 6;
    private static final int METHOD_HANDLE = 15;
    private static final int NOT_FOUND = -1;

    private ConstantPoolScan() {
    }

    /** Whether the class names a method of that name and one with that descriptor; whose it is, the rewriting looks at. */
    static boolean mayCallTransferTo(byte[] classFile) {
        return has(classFile, METHOD, DESCRIPTOR);
    }

    /** Whether the class has both names, for whatever it be; they may be the same. */
    static boolean has(byte[] classFile, String one, String other) {
        try {
            return scan(classFile, one, other);
        } catch (ArrayIndexOutOfBoundsException ignored) {
            return false;    // cut short: the JVM will refuse it, and says so better
        }
    }

    private static boolean scan(byte[] b, String one, String other) {
        int count = u2(b, 8);
        boolean hasOne = false;
        boolean hasOther = false;
        int at = POOL_START;
        for (int i = 1; i < count; i++) {
            int tag = b[at];
            if (tag == UTF8) {
                int length = u2(b, at + 1);
                hasOne |= equal(b, at + 3, length, one);
                hasOther |= equal(b, at + 3, length, other);
                at += 3 + length;
            } else {
                int size = sizeOf(tag);
                if (size == NOT_FOUND) {
                    return false;
                }
                at += size;
                if (tag == LONG || tag == DOUBLE) {
                    i++;
                }
            }
        }
        return hasOne && hasOther;
    }

    /**
     * The bytes of an entry with its tag.
     *
     * <p>Errors: IllegalStateException where there is no such tag.
     */
    static int entryBytes(byte[] b, int at) {
        int size = b[at] == UTF8 ? 3 + u2(b, at + 1) : sizeOf(b[at]);
        if (size == NOT_FOUND) {
            throw new IllegalStateException("a constant of the unknown kind " + b[at]);
        }
        return size;
    }

    static boolean takesTwoIndexes(int tag) {
        return tag == LONG || tag == DOUBLE;
    }

    private static int sizeOf(int tag) {
        switch (tag) {
            case 7, 8, 16, 19, 20:              // Class, String, MethodType, Module, Package
                return 3;
            case METHOD_HANDLE:
                return 4;
            case 3, 4, 9, 10, 11, 12, 17, 18:   // Integer, Float, the references, NameAndType, Dynamic, InvokeDynamic
                return 5;
            case LONG, DOUBLE:
                return 9;
            default:
                return NOT_FOUND;
        }
    }

    private static boolean equal(byte[] b, int at, int length, String text) {
        if (length != text.length()) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (b[at + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static int u2(byte[] b, int at) {
        return (b[at] & 0xFF) << 8 | b[at + 1] & 0xFF;
    }
}
