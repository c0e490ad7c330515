package superweight.quantize;

import ai.djl.ndarray.NDArray;
import superweight.model.TensorMap;

/** One function of a matrix after another. */
public record Composed(TensorMap first, TensorMap second) implements TensorMap {
    @Override
    public NDArray apply(NDArray weight) {
        return second.apply(first.apply(weight));
    }
}
