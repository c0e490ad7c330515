package superweight.quantize;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import superweight.InvalidInputException;
import superweight.model.TensorMap;

/**
 * Asymmetric min-max round-to-nearest of blocks, and back to float32 (paper section 4 and its code).
 *
 * <p>A block is a run of consecutive weights in row-major order, as in the paper's code, though its text speaks of
 * squares; it has 2^bits levels, 2^bits - 1 steps from its smallest weight to its largest. A last run that does not
 * fill a block is a block of its own.
 *
 * @param bits from 2 to 8
 * @param block weights in a block, at least 1
 */
public record RoundToNearest(int bits, int block) implements TensorMap {
    public RoundToNearest {
        if (bits < 2 || bits > 8 || block < 1) {
            throw new InvalidInputException("Weights are rounded to 2 to 8 bits in blocks of at least 1 weight, not to "
                    + bits + " bits in blocks of " + block + ".");
        }
    }

    @Override
    public NDArray apply(NDArray weight) {
        long elements = weight.size();
        long whole = elements - elements % block;
        NDArray flat = weight.reshape(elements);
        if (whole == elements) {
            return rounded(flat.reshape(-1, block)).reshape(weight.getShape());
        }
        NDArray last = rounded(flat.get(new NDIndex("{}:", whole)).reshape(1, -1)).reshape(-1);
        if (whole == 0) {
            return last.reshape(weight.getShape());
        }
        NDArray blocks = rounded(flat.get(new NDIndex(":{}", whole)).reshape(-1, block)).reshape(-1);
        return NDArrays.concat(new NDList(blocks, last)).reshape(weight.getShape());
    }

    /** Each row of {@code [blocks, block]} by itself. */
    private NDArray rounded(NDArray blocks) {
        Shape perBlock = new Shape(blocks.getShape().get(0), 1);
        NDArray low = blocks.min(new int[] {1}).reshape(perBlock); // [blocks, 1]
        NDArray high = blocks.max(new int[] {1}).reshape(perBlock); // [blocks, 1]
        NDArray step = high.sub(low).div((1 << bits) - 1); // [blocks, 1]
        NDArray level = blocks.sub(low).div(step.maximum(Float.MIN_NORMAL)).round(); // a constant block has no steps
        return level.mul(step).add(low);
    }
}
