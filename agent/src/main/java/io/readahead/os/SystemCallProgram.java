package io.readahead.os;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A program for Linux that makes system calls, one after the other, and notes in a file after each that it came back.
 *
 * <p>Problem: a seccomp filter may kill for a call, and nobody can read what it says (PTRACE_GET_FILTER wants CAP_SYS_ADMIN). It has to
 * be tried, by a process that may die of it and has the server's filter: a child. Choice: a program of a few KB that is made here, for
 * Java code can't run between vfork and exec, minimal images have nothing that makes calls by number, a JVM of its own would cost
 * each start in a container 200 ms and 40 MB, and its death a core dump of that size. This takes a millisecond, and has no core dump
 * but where the filter refuses prctl. Cost: some bytes of machine code; they do nothing but load constants into registers.
 *
 * <p>It makes four calls more than it is to try: prctl, openat, write, exit_group. Every JVM makes them.
 *
 * <p>Threads: any. Source: elf(5), syscall(2); exec(2) of a static executable, which needs neither libc nor a dynamic linker.
 */
final class SystemCallProgram {

    private static final long LOADED_AT = 0x400000;
    /** Where the program sees "": the last byte of e_ident, which is padding. */
    static final long EMPTY_STRING_ADDRESS = LOADED_AT + 15;

    // elf.h
    private static final byte[] IDENT = {0x7f, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    private static final short ET_EXEC = 2;
    private static final short EM_X86_64 = 62;
    private static final short EM_AARCH64 = 183;
    private static final int PT_LOAD = 1;
    private static final int PT_GNU_STACK = 0x6474e551;
    private static final int READ_AND_EXECUTE = 5;
    private static final int READ_AND_WRITE = 6;
    private static final int HEADER_BYTES = 64;
    private static final int SEGMENT_BYTES = 56;
    private static final int SEGMENTS = 2;
    private static final int SECTION_BYTES = 64;
    private static final int PATH_OFFSET = HEADER_BYTES + SEGMENTS * SEGMENT_BYTES;
    /** The largest page of aarch64. */
    private static final long ALIGNMENT = 0x10000;
    private static final int INSTRUCTION_BYTES = 4;
    /** More than any call takes here, of six arguments and a number. */
    private static final int MOST_BYTES_OF_A_CALL = 128;
    private static final int OWN_CALLS = 3;

    private static final long AT_FDCWD = -100;          // linux/fcntl.h
    private static final long O_WRONLY = 1;             // asm-generic/fcntl.h
    private static final long PR_SET_DUMPABLE = 4;      // linux/prctl.h

    private final boolean amd64;
    private final ByteBuffer image;

    private SystemCallProgram(boolean amd64, int sizeBytes) {
        this.amd64 = amd64;
        this.image = ByteBuffer.allocate(sizeBytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Makes the program.
     *
     * @param amd64 whether that is the processor; else it is aarch64
     * @param notes path of the file, which is there, and gets a byte for each call that came back
     */
    static byte[] of(boolean amd64, List<SystemCall> calls, String notes) {
        byte[] path = notes.getBytes(StandardCharsets.UTF_8);
        int entry = (PATH_OFFSET + path.length) / INSTRUCTION_BYTES * INSTRUCTION_BYTES + INSTRUCTION_BYTES;
        int sizeBytes = entry + (OWN_CALLS + 2 * calls.size()) * MOST_BYTES_OF_A_CALL;
        SystemCallProgram program = new SystemCallProgram(amd64, sizeBytes);
        program.header(entry);
        program.image.put(path).position(entry);
        program.code(calls);
        return program.image.array();
    }

    private void header(long entry) {
        image.put(IDENT).putShort(ET_EXEC).putShort(amd64 ? EM_X86_64 : EM_AARCH64).putInt(1);
        image.putLong(LOADED_AT + entry).putLong(HEADER_BYTES).putLong(0).putInt(0);
        image.putShort((short) HEADER_BYTES).putShort((short) SEGMENT_BYTES).putShort((short) SEGMENTS);
        image.putShort((short) SECTION_BYTES).putShort((short) 0).putShort((short) 0);
        segment(PT_LOAD, READ_AND_EXECUTE, LOADED_AT, image.capacity());
        segment(PT_GNU_STACK, READ_AND_WRITE, 0, 0);
    }

    private void segment(int type, int flags, long address, long bytes) {
        image.putInt(type).putInt(flags).putLong(0).putLong(address).putLong(address).putLong(bytes).putLong(bytes).putLong(ALIGNMENT);
    }

    private void code(List<SystemCall> calls) {
        call(amd64 ? 157 : 167, PR_SET_DUMPABLE, 0);
        call(amd64 ? 257 : 56, AT_FDCWD, LOADED_AT + PATH_OFFSET, O_WRONLY, 0);
        keepDescriptor();
        for (SystemCall each : calls) {
            call(each.number(amd64), each.arguments());
            load(1, LOADED_AT);
            load(2, 1);
            callWithDescriptor(amd64 ? 1 : 64);
        }
        call(amd64 ? 231 : 94, 0);
    }

    private void call(int number, long... arguments) {
        for (int index = 0; index < arguments.length; index++) {
            load(index, arguments[index]);
        }
        call(number);
    }

    private void call(int number) {
        if (amd64) {
            image.put((byte) 0xb8).putInt(number);                  // mov eax, number
            image.put((byte) 0x0f).put((byte) 0x05);                // syscall
        } else {
            loadAarch64(8, number);
            image.putInt(0xd4000001);                               // svc #0
        }
    }

    /** The result of the last call, in a register that no system call changes. */
    private void keepDescriptor() {
        if (amd64) {
            image.put((byte) 0x49).put((byte) 0x89).put((byte) 0xc4);    // mov r12, rax
        } else {
            image.putInt(0xaa0003f3);                                    // mov x19, x0
        }
    }

    private void callWithDescriptor(int number) {
        if (amd64) {
            image.put((byte) 0x4c).put((byte) 0x89).put((byte) 0xe7);    // mov rdi, r12
        } else {
            image.putInt(0xaa1303e0);                                    // mov x0, x19
        }
        call(number);
    }

    /** Loads an argument, by its place. */
    private void load(int index, long value) {
        if (amd64) {
            // mov rdi, rsi, rdx, r10, r8, r9
            image.put((byte) (index < 3 ? 0x48 : 0x49)).put((byte) new int[] {0xbf, 0xbe, 0xba, 0xba, 0xb8, 0xb9}[index]).putLong(value);
        } else {
            loadAarch64(index, value);
        }
    }

    private void loadAarch64(int register, long value) {
        for (int part = 0; part < Long.BYTES / Short.BYTES; part++) {
            int bits = (int) (value >>> part * Short.SIZE) & 0xffff;
            image.putInt((part == 0 ? 0xd2800000 : 0xf2800000) | part << 21 | bits << 5 | register);    // movz, movk
        }
    }
}
