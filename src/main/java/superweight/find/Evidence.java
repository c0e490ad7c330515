package superweight.find;

import superweight.model.Coordinate;

/**
 * What speaks for one scalar of down_proj being a super weight, on one prompt.
 *
 * <p>The activations are those of the pass that proposed it: of the original model without the super weights
 * found in earlier passes. What pruning it does is measured in the original model.
 *
 * @param at its place
 * @param weight W_jk, the scalar
 * @param input X_ik, the activation it is multiplied by
 * @param output Y_ij, the largest activation of its output channel
 * @param token i, where that is
 * @param timesMedian magnitude of the output over the median magnitude of the layer's outputs
 * @param statistics how large the weight is among others
 * @param written the share of the super activation that its product makes; below 0 if it works against it
 * @param superActivation the value of largest magnitude of its output channel in the residual stream, at
 *     the end of the early layers
 * @param superActivationWithout the same with this one weight pruned
 */
public record Evidence(
        Coordinate at,
        float weight,
        float input,
        float output,
        int token,
        double timesMedian,
        WeightStatistics statistics,
        double written,
        double superActivation,
        double superActivationWithout) {

    /** What the weight adds to its output channel: X_ik W_jk. */
    public double product() {
        return (double) input * weight;
    }

    /** The share of the output that the one product makes; near 1 where Y_ij is about X_ik W_jk. */
    public double share() {
        return product() / output;
    }

    /** The share of the super activation that goes with the weight; below 0 if it grows. */
    public double loss() {
        return 1 - Math.abs(superActivationWithout) / Math.abs(superActivation);
    }
}
