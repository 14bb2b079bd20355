package io.readahead.it.soak;

import java.util.Random;

/** The page cache loses a file of a folder, or a part of one, at any time; but for pages that a server has mapped. */
record Eviction(SoakFiles files) implements Fault {

    private static final int HOT_ONE_IN = 20;

    @Override
    public Pause pause() {
        return new Pause(2, 16);
    }

    @Override
    public String inject(Random random) throws Exception {
        SoakFile file = SoakFiles.anyOf(random.nextInt(HOT_ONE_IN) == 0 ? files.hot()
                : files.changing().isEmpty() || random.nextBoolean() ? files.cold() : files.changing(), random);
        boolean whole = random.nextBoolean();
        long offset = whole ? 0 : (long) (random.nextDouble() * file.mostBytes());
        file.evict(offset, whole ? file.mostBytes() : 1 + (long) (random.nextDouble() * (file.mostBytes() - offset)));
        return whole ? "file evicted" : "part of a file evicted";
    }
}
