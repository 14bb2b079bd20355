package io.readahead.weave;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConstantPoolScanTest {

    private static final int MAGIC = 0xCAFEBABE;
    private static final int JAVA_17 = 61;
    private static final int UTF8 = 1;

    /** A class file up to the end of its constant pool. */
    private static final class Pool {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final DataOutputStream out = new DataOutputStream(bytes);
        private int count = 1;

        Pool utf8(String text) throws IOException {
            out.writeByte(UTF8);
            out.writeUTF(text);
            count++;
            return this;
        }

        Pool entry(int tag, int contentBytes, int slots) throws IOException {
            out.writeByte(tag);
            for (int i = 0; i < contentBytes; i++) {
                out.writeByte(UTF8);    // what a scan that lost its step would take for a tag
            }
            count += slots;
            return this;
        }

        byte[] end() throws IOException {
            ByteArrayOutputStream file = new ByteArrayOutputStream();
            DataOutputStream head = new DataOutputStream(file);
            head.writeInt(MAGIC);
            head.writeInt(JAVA_17);
            head.writeShort(count);
            head.write(bytes.toByteArray());
            return file.toByteArray();
        }
    }

    private static Pool both() throws IOException {
        return new Pool().utf8(ConstantPoolScan.METHOD).utf8(ConstantPoolScan.DESCRIPTOR);
    }

    private static boolean found(Pool pool) throws IOException {
        return ConstantPoolScan.mayCallTransferTo(pool.end());
    }

    @Test
    void bothNamesAreNeeded() throws IOException {
        assertTrue(found(both()));
        assertTrue(found(new Pool().utf8("other").utf8(ConstantPoolScan.DESCRIPTOR).utf8("more").utf8(ConstantPoolScan.METHOD)));
        assertFalse(found(new Pool().utf8(ConstantPoolScan.METHOD)));
        assertFalse(found(new Pool().utf8(ConstantPoolScan.DESCRIPTOR)));
        assertFalse(found(new Pool().utf8("transferTo1").utf8(ConstantPoolScan.DESCRIPTOR)));
        assertFalse(found(new Pool().utf8("transferFr").utf8(ConstantPoolScan.DESCRIPTOR)));
        assertFalse(found(new Pool()));
    }

    @ParameterizedTest(name = "tag {0}")
    @CsvSource({"3, 4, 1", "4, 4, 1", "5, 8, 2", "6, 8, 2", "7, 2, 1", "8, 2, 1", "9, 4, 1", "10, 4, 1", "11, 4, 1", "12, 4, 1",
        "15, 3, 1", "16, 2, 1", "17, 4, 1", "18, 4, 1", "19, 2, 1", "20, 2, 1"})
    void everyEntryIsSteppedOver(int tag, int contentBytes, int slots) throws IOException {
        Pool pool = new Pool().utf8(ConstantPoolScan.METHOD).entry(tag, contentBytes, slots).entry(tag, contentBytes, slots)
                .utf8(ConstantPoolScan.DESCRIPTOR);
        assertTrue(found(pool));
    }

    @Test
    void aLongTakesTwoPlaces() throws IOException {
        byte[] file = new Pool().entry(5, 8, 1).utf8(ConstantPoolScan.METHOD).utf8(ConstantPoolScan.DESCRIPTOR).end();
        assertFalse(ConstantPoolScan.mayCallTransferTo(file), "by its count the pool ends before the descriptor");
    }

    @ParameterizedTest
    @CsvSource({"0", "2", "13", "14", "21", "127", "200"})
    void anUnknownTagIsNoReasonToWeave(int tag) throws IOException {
        assertFalse(found(new Pool().entry(tag, 4, 1).utf8(ConstantPoolScan.METHOD).utf8(ConstantPoolScan.DESCRIPTOR)));
    }

    @Test
    void aFileThatIsCutShortAnywhereIsNone() throws IOException {
        byte[] file = both().end();
        for (int length = 0; length < file.length; length++) {
            byte[] cut = Arrays.copyOf(file, length);
            boolean last = length >= file.length;
            assertEquals(last, ConstantPoolScan.mayCallTransferTo(cut), "cut to " + length);
        }
    }

    @Test
    void noiseIsReadToSomeEnd() {
        Random random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            byte[] noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            ConstantPoolScan.mayCallTransferTo(noise);
        }
    }
}
