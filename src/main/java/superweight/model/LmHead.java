package superweight.model;

import ai.djl.ndarray.NDArray;

/**
 * The output projection, from hidden states to next-token scores.
 *
 * @param weight as the kernels multiply by it, {@code [vocab, hidden]}
 */
public record LmHead(NDArray weight, Kernels kernels) {
    /** Next-token scores of some positions: hidden {@code [T, hidden]} to logits {@code [T, vocab]}. */
    public NDArray logits(NDArray hidden) {
        return kernels.linear(hidden, weight);
    }
}
