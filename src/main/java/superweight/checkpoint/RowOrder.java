package superweight.checkpoint;

/** Where the rows of a weight lie in its tensor in the file. */
@FunctionalInterface
interface RowOrder {
    /** Row by row. */
    RowOrder AS_STORED = row -> row;

    /**
     * The row of the file's tensor that holds a row of the weight.
     *
     * @param row counted from 0; see {@link Shape#rows()}
     */
    long stored(long row);

    /**
     * Hugging Face's rows of a query or key projection in GGUF: within a head, GGUF interleaves the two halves that
     * rotate together (0, d/2, 1, d/2 + 1, ...); Hugging Face keeps them apart.
     *
     * @param headDim rows of a head
     */
    static RowOrder interleavedHalves(long headDim) {
        long half = headDim / 2;
        return row -> {
            long within = row % headDim;
            return row - within + within % half * 2 + within / half;
        };
    }
}
