package superweight.quantize;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import superweight.model.TensorMap;

/**
 * A quantizer after which every weight that it clipped is what it was: super weights and all other outliers alike.
 *
 * @param quantizer clips and rounds
 */
public record ClippedRestored(Quantizer quantizer) implements TensorMap {
    @Override
    public NDArray apply(NDArray weight) {
        NDArray clipped = quantizer.clip().clip(weight, quantizer.blocks());
        return NDArrays.where(clipped.neq(weight), weight, quantizer.apply(weight));
    }
}
