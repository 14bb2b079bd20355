package io.readahead.it.guests;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.stream.ChunkedFile;
import io.netty.handler.stream.ChunkedInput;
import io.netty.handler.stream.ChunkedNioFile;
import io.netty.handler.stream.ChunkedNioStream;
import io.netty.handler.stream.ChunkedStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What reads a file chunk by chunk. */
public enum Input {

    NIO_FILE {
        @Override
        ChunkedInput<ByteBuf> open(Path file) throws IOException {
            return new ChunkedNioFile(FileChannel.open(file));
        }
    },

    FILE {
        @Override
        ChunkedInput<ByteBuf> open(Path file) throws IOException {
            return new ChunkedFile(file.toFile());
        }
    },

    NIO_STREAM {
        @Override
        ChunkedInput<ByteBuf> open(Path file) throws IOException {
            return new ChunkedNioStream(FileChannel.open(file));
        }
    },

    STREAM {
        @Override
        ChunkedInput<ByteBuf> open(Path file) throws IOException {
            return new ChunkedStream(new FileInputStream(file.toFile()));
        }
    },

    CHANNEL_STREAM {
        @Override
        ChunkedInput<ByteBuf> open(Path file) throws IOException {
            return new ChunkedStream(Channels.newInputStream(FileChannel.open(file)));
        }
    },

    /** As Vert.x' UncloseableChunkedNioFile, with a method that reads nothing. */
    SUBCLASS {
        @Override
        ChunkedInput<ByteBuf> open(Path file) throws IOException {
            return new ChunkedNioFile(FileChannel.open(file)) {
                @Override
                public long length() {
                    return super.length();
                }
            };
        }
    },

    /** As Hadoop's FadvisedChunkedFile, which does something before it has the file read. */
    HANDS_ON {
        @Override
        ChunkedInput<ByteBuf> open(Path file) throws IOException {
            return new ChunkedFile(file.toFile()) {
                @Override
                public ByteBuf readChunk(ByteBufAllocator allocator) throws Exception {
                    return super.readChunk(allocator);
                }
            };
        }
    },

    /** Not wrapped for HTTP. */
    BARE {
        @Override
        ChunkedInput<ByteBuf> open(Path file) throws IOException {
            return NIO_FILE.open(file);
        }
    },

    /** No ChunkedWriteHandler reads it. */
    BY_HAND {
        @Override
        ChunkedInput<ByteBuf> open(Path file) throws IOException {
            return NIO_FILE.open(file);
        }
    },

    /** Has a file and sends a copy of it from memory, made at its start. */
    ELSEWHERE {
        @Override
        ChunkedInput<ByteBuf> open(Path file) throws IOException {
            byte[] copy = Files.readAllBytes(file);
            return new ChunkedNioFile(FileChannel.open(file)) {

                private int sent;

                @Override
                public ByteBuf readChunk(ByteBufAllocator allocator) {
                    int bytes = Math.min(CHUNK_BYTES, copy.length - sent);
                    ByteBuf chunk = allocator.buffer(bytes).writeBytes(copy, sent, bytes);
                    sent += bytes;
                    return chunk;
                }

                @Override
                public boolean isEndOfInput() {
                    return sent == copy.length;
                }
            };
        }
    };

    private static final int CHUNK_BYTES = 8192;

    abstract ChunkedInput<ByteBuf> open(Path file) throws IOException;

    /** The one of a path {@code /INPUT/NAME}. */
    static Input of(String path) {
        return valueOf(path.split("/")[1].toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    Path file(Path root, String path) {
        return root.resolve(path.split("/")[2]);
    }

    /** The path of a file that it is to read. */
    public String path(Path file) {
        return "/" + name().toLowerCase(Locale.ROOT).replace('_', '-') + "/" + file.getFileName();
    }
}
