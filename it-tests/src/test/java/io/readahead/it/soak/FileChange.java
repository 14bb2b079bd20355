package io.readahead.it.soak;

import java.util.List;
import java.util.Random;

/** Files cut, grown, replaced, deleted, refused, while they are sent. */
record FileChange(List<SoakFile> files) implements Fault {

    private static final int KINDS = 5;

    @Override
    public Pause pause() {
        return new Pause(50, 400);
    }

    @Override
    public String inject(Random random) throws Exception {
        SoakFile file = SoakFiles.anyOf(files, random);
        FileState now = file.history().now();
        if (now.mayBeMissing()) {
            file.replace(anySize(file, random));
            return "file written again";
        }
        if (now.mayBeDenied()) {
            file.allow();
            return "permissions given back";
        }
        switch (random.nextInt(KINDS)) {
            case 0:
                if (now.largestBytes() < file.mostBytes()) {
                    file.grow();
                    return "file grown";
                }
                file.truncate(SoakContent.whole((long) (random.nextDouble() * now.largestBytes())));
                return "file truncated";
            case 1:
                file.replace(anySize(file, random));
                return "file replaced";
            case 2:
                file.delete();
                return "file deleted";
            case 3:
                file.deny();
                return "permissions taken away";
            default:
                file.truncate(SoakContent.whole((long) (random.nextDouble() * now.largestBytes())));
                file.grow();
                return "file truncated and written again";
        }
    }

    private static long anySize(SoakFile file, Random random) {
        return SoakContent.whole(file.mostBytes() / 2 + (long) (random.nextDouble() * file.mostBytes() / 2));
    }
}
