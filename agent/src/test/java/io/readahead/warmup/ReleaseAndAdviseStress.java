package io.readahead.warmup;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.readahead.os.EasyPosix;
import io.readahead.os.FileFacts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A worker has the kernel's readahead switched off while the stream lets go of the file, and another stream comes and goes. */
@JCStressTest
@Outcome(id = "0", expect = ACCEPTABLE, desc = "The kernel reads ahead as it did, or was never told otherwise.")
@Outcome(expect = FORBIDDEN, desc = "Nobody wants it off, and it is off.")
@State
public class ReleaseAndAdviseStress {

    /** A file that is open as long as the JVM runs. */
    private static final FileChannel FILE = openFile();

    private final LastAdvice posix = new LastAdvice();
    private final ServerReadahead readahead = new ServerReadahead(posix);
    private final SourceFile file = new SourceFile(FILE, 1);
    private final SourceFile another = new SourceFile(FILE, 1);

    private static FileChannel openFile() {
        try {
            return FileChannel.open(Path.of("/proc/self/exe"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Actor
    public void worker() {
        readahead.switchOff(file);
    }

    @Actor
    public void stream() {
        file.release();
        readahead.switchOn(file);
    }

    @Actor
    public void anotherStream() {
        readahead.switchOff(another);
        another.release();
        readahead.switchOn(another);
    }

    @Arbiter
    public void afterwards(I_Result r) {
        r.r1 = posix.advice;
    }

    /** Keeps what was advised last. */
    private static final class LastAdvice extends EasyPosix {

        private volatile int advice;

        @Override
        public int posix_fadvise(int fd, long offset, long length, int advised) {
            advice = advised;
            return 0;
        }

        @Override
        public long sendfile(int outFd, int inFd, long offset, long count) {
            return count;
        }

        @Override
        public int stat(int fd, FileFacts result) {
            return 0;
        }
    }
}
