package superweight.quantize;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import superweight.InvalidInputException;
import superweight.model.TensorMap;

/**
 * Each input channel multiplied by a factor of its own: a column of a weight, or one channel of all tokens.
 *
 * @param factors one a column; finite
 */
public record ScaledChannels(float[] factors) implements TensorMap {
    private static final int HASHED = 8;

    public ScaledChannels {
        for (float factor : factors) {
            if (!Float.isFinite(factor)) {
                throw new InvalidInputException(
                        "A channel must be multiplied by a finite number, but one is to be by " + factor + ".");
            }
        }
        factors = factors.clone();
    }

    /** All channels multiplied by the same factor. */
    public static ScaledChannels alike(int channels, float factor) {
        float[] factors = new float[channels];
        Arrays.fill(factors, factor);
        return new ScaledChannels(factors);
    }

    @Override
    public NDArray apply(NDArray tensor) {
        try (NDArray row = tensor.getManager().create(factors, new Shape(1, factors.length))) {
            return tensor.mul(row);
        }
    }

    @Override
    public float[] factors() {
        return factors.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ScaledChannels scaled && Arrays.equals(factors, scaled.factors);
    }

    /** Of the first few, for it is asked for many times on every walk through the layers, of hundreds of these. */
    @Override
    public int hashCode() {
        return Arrays.hashCode(Arrays.copyOf(factors, Math.min(HASHED, factors.length)));
    }
}
