package superweight.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;

/**
 * One token's activations multiplied by a factor: as the input of down_proj, all that a layer's MLP adds to that
 * token, in every channel alike.
 *
 * @param token its place in the text, from 0; texts that are shorter stay as they are
 * @param factor what each of its activations is multiplied by
 */
public record ScaledToken(int token, double factor) implements TensorMap {
    @Override
    public NDArray apply(NDArray tensor) {
        if (token >= tensor.getShape().get(0)) {
            return tensor;
        }
        NDArray scaled = tensor.duplicate();
        try (NDArray row = scaled.get(new NDIndex("{}:{}", token, token + 1))) { // a view
            row.muli(factor);
        }
        return scaled;
    }
}
