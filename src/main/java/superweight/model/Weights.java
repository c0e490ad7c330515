package superweight.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/** A model's weights, wherever they are kept. */
interface Weights {
    String EMBED_TOKENS = "model.embed_tokens.weight";
    String NORM = "model.norm.weight";
    String LM_HEAD = "lm_head.weight";

    /** What multiplies by them. */
    Kernels kernels();

    /** The rows of the embedding for some tokens, {@code [T, hidden]}, in {@code scope}. */
    NDArray embed(int[] ids, NDManager scope);

    /** The first layers in their order, each to be used before the next is asked for. */
    Layers layers(int count);

    /** The weight of the last RMSNorm, {@code [hidden]}. */
    NDArray norm();

    /** The output projection; the embedding where the two are tied. What it takes is in {@code scope}. */
    LmHead lmHead(NDManager scope);

    /** All weights of one matrix as the checkpoint holds them, row-major {@code [out, in]}. */
    float[] values(int layer, LinearLayer matrix);

    /** The same outside the heap: a copy in {@code scope}, {@code [out, in]}. */
    NDArray plain(int layer, LinearLayer matrix, NDManager scope);

    /** One row of a matrix: {@code [in]}. */
    float[] row(int layer, LinearLayer matrix, int row);

    /** Layers one after the other. */
    interface Layers extends AutoCloseable {
        /** The next one, valid until the one after it is asked for or this is closed. */
        DecoderLayer next();

        @Override
        void close();
    }
}
