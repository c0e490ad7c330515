package superweight.model;

import ai.djl.ndarray.NDArray;

/**
 * The four operations that take a forward pass's time, behind one seam: {@link NdArrayKernels} is
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

    /** {@code x W^T}: x {@code [T, in]}, packed weight {@code [out, in]}, result {@code [T, out]}. */
    NDArray linear(NDArray x, NDArray packed);

    /** {@code x / sqrt(mean(x^2) + eps) * weight} over the last axis: x {@code [T, D]}, weight {@code [D]}. */
    NDArray rmsNorm(NDArray x, NDArray weight, double eps);

    /** {@code silu(gate) * up}, where silu(g) = g sigmoid(g); both {@code [T, intermediate]}. */
    NDArray swiGlu(NDArray gate, NDArray up);

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

    /** The same where a mask says who sees whom: {@code [T, T]}, 0 or minus infinity. */
    NDArray attention(NDArray q, NDArray k, NDArray v, NDArray mask);

    /** RoPE: x {@code [heads, T, headDim]}, cos and sin {@code [T, headDim / 2]}. */
    NDArray rotate(NDArray x, NDArray cos, NDArray sin);

    /** The same kernels for weights as they are stored. */
    Kernels forStored();

    /** One row of a packed weight: {@code [in]}. */
    default float[] unpackRow(NDArray packed, int row) {
        try (NDArray plain = unpack(packed); NDArray values = plain.get(row)) {
            return values.toFloatArray();
        }
    }
}
