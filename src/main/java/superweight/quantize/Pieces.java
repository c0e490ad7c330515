package superweight.quantize;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;

/** Elements that are read into the heap at once: a whole matrix of a large model may not fit into it. */
final class Pieces {
    /** The most that a piece has; all but an array's last have as many. */
    static final int ELEMENTS = 1 << 16;

    private Pieces() {}

    /** The elements from one on, of {@code [elements]}. */
    static float[] from(long first, NDArray flat) {
        long end = Math.min(first + ELEMENTS, flat.size());
        try (NDArray piece = flat.get(new NDIndex("{}:{}", first, end))) {
            return piece.toFloatArray();
        }
    }
}
