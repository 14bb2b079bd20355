package io.readahead.weave.sample;

/** Gives chunks. */
public interface Input {

    /** Has none, and is not over. */
    Input LATER = new Input() {
        @Override
        public int next(long factor, String word) {
            return 0;
        }

        @Override
        public boolean isOver() {
            return false;
        }
    };

    int next(long factor, String word);

    boolean isOver();
}
