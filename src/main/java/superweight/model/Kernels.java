package superweight.model;

import ai.djl.ndarray.NDArray;

/**
 * The operations that take a forward pass's time, behind one seam: {@link NdArrayKernels} is
 * the readable reference, {@link TorchScriptKernels} the fused ones that stand in for it.
 *
 * <p>A result belongs to the manager of the first argument; no argument is changed.
 */
public interface Kernels {
    /** What a result's provenance calls them. */
    String name();

    /**
     * Copies a weight into the layout that {@link #linear} is fastest with; the numbers keep every bit.
     *
     * @param weight {@code [out, in]}
     * @return of the same shape, for {@link #linear} and {@link #unpack} only
     */
    NDArray pack(NDArray weight);

    /** A copy of a packed weight as it was: {@code [out, in]}. */
    NDArray unpack(NDArray packed);

    /** One row of a packed weight as it was: {@code [in]}. */
    NDArray unpackRow(NDArray packed, int row);

    /** {@code x W^T}: x {@code [T, in]}, packed weight {@code [out, in]}, result {@code [T, out]}. */
    NDArray linear(NDArray x, NDArray packed);

    /** {@code x / sqrt(mean(x^2) + eps) * weight} over the last axis: x {@code [..., D]}, weight {@code [D]}. */
    NDArray rmsNorm(NDArray x, NDArray weight, double eps);

    /** {@code silu(gate) * up}, where silu(g) = g sigmoid(g); both {@code [T, intermediate]}. */
    NDArray swiGlu(NDArray gate, NDArray up);

    /**
     * Rotary position embedding (RoPE) in Hugging Face's layout: channel i turns with channel i + headDim / 2.
     *
     * @param x queries or keys, {@code [heads, T, headDim]}
     * @param cos of each position's angles, {@code [T, headDim / 2]}
     * @param sin of each position's angles, {@code [T, headDim / 2]}
     * @return {@code [heads, T, headDim]}
     */
    NDArray rotate(NDArray x, NDArray cos, NDArray sin);

    /**
     * Causal scaled dot-product attention; with fewer key than query heads, consecutive query heads
     * share one (GQA).
     *
     * @param q {@code [heads, T, headDim]}
     * @param k {@code [kvHeads, T, headDim]}
     * @param v {@code [kvHeads, T, headDim]}
     * @return {@code [heads, T, headDim]}
     */
    NDArray attention(NDArray q, NDArray k, NDArray v);

    /**
     * Attention as above, but who may look at whom is given.
     *
     * @param q {@code [heads, T, headDim]}
     * @param k {@code [kvHeads, T, headDim]}
     * @param v {@code [kvHeads, T, headDim]}
     * @param mask 0 where the row's token may look at the column's, minus infinity elsewhere; every token may look at
     *     one at least; {@code [T, T]}
     * @return {@code [heads, T, headDim]}
     */
    NDArray attention(NDArray q, NDArray k, NDArray v, NDArray mask);

    /**
     * The same kernels for weights that are multiplied by once and dropped, for which packing a copy does not pay: a
     * packed weight of theirs is a float32 copy, and {@link #linear} also takes a weight as a checkpoint stores it,
     * float16 or float32, {@code [out, in]}. Products are computed in float32 either way.
     */
    Kernels forStoredWeights();
}
