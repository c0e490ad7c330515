package superweight.quantize;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import superweight.model.TensorMap;

/**
 * A quantizer after which the largest magnitude of every block is put back, as in {@link Restored}: the same weights keep
 * their value as in {@link LargestLeftOut}, but every step is as it was. What the two differ in is the steps.
 */
public record LargestPutBack(Quantizer quantizer) implements TensorMap {
    @Override
    public NDArray apply(NDArray weight) {
        return NDArrays.where(LargestLeftOut.largest(quantizer.blocks(), weight), weight, quantizer.apply(weight));
    }
}
