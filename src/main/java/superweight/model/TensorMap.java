package superweight.model;

import ai.djl.ndarray.NDArray;

/**
 * A pure function of a tensor, such as a quantizer.
 *
 * <p>It should be a record: runs whose maps are equal share their work.
 */
@FunctionalInterface
public interface TensorMap {
    /**
     * @param tensor {@code [rows, columns]}, not to be changed
     * @return of the same shape, in the same manager
     */
    NDArray apply(NDArray tensor);
}
