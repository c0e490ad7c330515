package superweight.quantize;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import superweight.InvalidInputException;
import superweight.model.TensorMap;

/**
 * A quantizer that the largest magnitude of every block is left out of, as in {@link LeftOut}: 0 while the block's
 * range is taken, what it was afterwards. Of several that are equally large all are.
 *
 * @param quantizer of what is left
 */
public record LargestLeftOut(Quantizer quantizer) implements TensorMap {
    @Override
    public NDArray apply(NDArray weight) {
        NDArray isLargest = largest(quantizer.blocks(), weight);
        NDArray rounded = quantizer.apply(NDArrays.where(isLargest, weight.zerosLike(), weight));
        return NDArrays.where(isLargest, weight, rounded);
    }

    /** Which weights are of their block's largest magnitude: {@code [rows, columns]}, boolean. */
    static NDArray largest(Blocks blocks, NDArray weight) {
        return weight.abs().eq(blocks.map(weight.abs(), block ->
                block.zerosLike().add(requireFinite(block.max(new int[] {1}, true)))));
    }

    /** The quantizer, which never sees them, cannot. */
    private static NDArray requireFinite(NDArray perBlock) {
        if (!Float.isFinite(perBlock.mul(0).sum().getFloat())) {
            throw new InvalidInputException(
                    "Only finite numbers can be left out of a quantized matrix, but one is infinite or a NaN.");
        }
        return perBlock;
    }
}
