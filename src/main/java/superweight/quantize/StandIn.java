package superweight.quantize;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import org.apache.commons.statistics.descriptive.Median;

/** What stands in for the super activation while its tensor is quantized: a median, the paper does not say of what. */
public enum StandIn {
    /** The median of the activations of its token. */
    MEDIAN_OF_TOKEN {
        @Override
        float of(NDArray activations, long token) {
            return median(activations.get(new NDIndex("{}", token)));
        }
    },

    /** The median of all activations of the tensor. */
    MEDIAN_OF_TENSOR {
        @Override
        float of(NDArray activations, long token) {
            return median(activations);
        }
    };

    /**
     * @param activations {@code [T, channels]}
     * @param token the super activation's
     */
    abstract float of(NDArray activations, long token);

    /** The mean of the two in the middle where they are even in number. */
    private static float median(NDArray activations) {
        float[] values = activations.toFloatArray();
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return (float) Median.withDefaults().evaluate(wide);
    }
}
