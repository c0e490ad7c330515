package superweight.quantize;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import superweight.InvalidInputException;

/**
 * Rounds the elements of each block to that block's levels, and back to float32.
 *
 * <p>A half goes to the even level, as in PyTorch.
 */
public sealed interface Rounding {
    /**
     * @param blocks {@code [blocks, elements]}, a block a row, not changed
     * @return {@code [blocks, elements]}
     * @throws InvalidInputException if an element, or the distance of two in one block, is not a finite number
     */
    NDArray round(NDArray blocks);

    /**
     * The distance between two levels of each block, {@code [blocks, 1]}; 0 where its elements are equal and the
     * rounding has no least step.
     *
     * @param blocks {@code [blocks, elements]}, a block a row, not changed
     * @throws InvalidInputException as {@link #round}
     */
    NDArray step(NDArray blocks);

    /** How many levels a block has at most. */
    int levels();

    /** Numbers that are stored for each block, of 16 bits each. */
    int parameters();

    /**
     * Asymmetric, from a block's smallest element to its largest, both of which stay as they are (paper section 4).
     *
     * @param steps from the smallest to the largest: 2^N - 1 in the paper's code, 2^(N-1) - 1 in its text
     */
    record MinMax(int steps) implements Rounding {
        public MinMax {
            requireSteps(steps);
        }

        @Override
        public NDArray round(NDArray blocks) {
            NDArray low = smallest(blocks); // [blocks, 1]
            NDArray step = step(blocks); // [blocks, 1]
            NDArray level = blocks.sub(low).divi(nonZero(step)).round();
            return level.muli(step).addi(low);
        }

        @Override
        public NDArray step(NDArray blocks) {
            return requireFinite(largest(blocks).sub(smallest(blocks))).div(steps);
        }

        @Override
        public int levels() {
            return steps + 1;
        }

        @Override
        public int parameters() {
            return 2;
        }
    }

    /**
     * Asymmetric with 0 among the levels: the smallest element stands on a whole number of steps from it, so neither
     * of the extremes need stay as it is (the script of the Qwen3-0.6B experiment).
     *
     * @param steps from the smallest element, or 0 if that is smaller, to the largest, or 0 if that is larger
     */
    record MinMaxIntegerZero(int steps) implements Rounding {
        /** The least step that the script takes. */
        private static final float LEAST_STEP = 1e-5f;

        public MinMaxIntegerZero {
            requireSteps(steps);
        }

        @Override
        public NDArray round(NDArray blocks) {
            NDArray low = smallest(blocks).minimum(0); // [blocks, 1]
            NDArray step = step(blocks); // [blocks, 1]
            NDArray zero = low.neg().div(step).round(); // [blocks, 1]
            NDArray level = blocks.div(step).round().addi(zero).clip(0, steps);
            return level.subi(zero).muli(step);
        }

        @Override
        public NDArray step(NDArray blocks) {
            NDArray low = smallest(blocks).minimum(0); // [blocks, 1]
            NDArray high = largest(blocks).maximum(0); // [blocks, 1]
            return requireFinite(high.sub(low)).div(steps).maximum(LEAST_STEP);
        }

        @Override
        public int levels() {
            return steps + 1;
        }

        @Override
        public int parameters() {
            return 2;
        }
    }

    /**
     * Symmetric about 0, by the largest magnitude (SmoothQuant's).
     *
     * @param steps from 0 to the largest magnitude: 2^(N-1) - 1
     */
    record AbsMax(int steps) implements Rounding {
        /** The least magnitude that SmoothQuant's code takes for the largest. */
        private static final float LEAST_MAGNITUDE = 1e-5f;

        public AbsMax {
            requireSteps(steps);
        }

        @Override
        public NDArray round(NDArray blocks) {
            NDArray step = step(blocks); // [blocks, 1]
            return blocks.div(step).round().muli(step);
        }

        @Override
        public NDArray step(NDArray blocks) {
            return requireFinite(largest(blocks.abs())).maximum(LEAST_MAGNITUDE).div(steps);
        }

        @Override
        public int levels() {
            return 2 * steps + 1;
        }

        @Override
        public int parameters() {
            return 1;
        }
    }

    /** Steps of N bits that are all used: 2^N - 1. */
    static int stepsOf(int bits) {
        return (1 << requireBits(bits)) - 1;
    }

    /** Steps of N bits on either side of 0, and what the paper prints for an asymmetric range: 2^(N-1) - 1. */
    static int halfTheStepsOf(int bits) {
        return (1 << (requireBits(bits) - 1)) - 1;
    }

    /** Of each block, {@code [blocks, 1]}. */
    private static NDArray smallest(NDArray blocks) {
        return blocks.min(new int[] {1}, true);
    }

    /** Of each block, {@code [blocks, 1]}. */
    private static NDArray largest(NDArray blocks) {
        return blocks.max(new int[] {1}, true);
    }

    private static NDArray requireFinite(NDArray perBlock) {
        if (!Float.isFinite(perBlock.mul(0).sum().getFloat())) {
            throw new InvalidInputException("Only finite numbers can be quantized, but a block holds infinity, a NaN,"
                    + " or two numbers whose distance is beyond float32.");
        }
        return perBlock;
    }

    /** A block of one value has no steps; its elements stand on level 0 of any. */
    private static NDArray nonZero(NDArray step) {
        return step.add(step.eq(0).toType(DataType.FLOAT32, false));
    }

    private static void requireSteps(int steps) {
        if (steps < 1) {
            throw new InvalidInputException("A quantizer must have at least 1 step, but it has " + steps + ".");
        }
    }

    private static int requireBits(int bits) {
        if (bits < 2 || bits > 8) {
            throw new InvalidInputException("Numbers are quantized to 2 to 8 bits, not to " + bits + ".");
        }
        return bits;
    }
}
