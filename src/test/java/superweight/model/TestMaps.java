package superweight.model;

import ai.djl.ndarray.NDArray;

/** Functions of a tensor for tests, of the kinds that quantizers are. */
final class TestMaps {
    private TestMaps() {}

    /**
     * Rounds each row to steps of a share of its largest number, as weights are quantized.
     *
     * @param steps from 0 to the largest number
     */
    record RoundedRows(int steps) implements TensorMap {
        @Override
        public NDArray apply(NDArray tensor) {
            NDArray step = largestOfEachRow(tensor).div(steps); // [rows, 1]
            return tensor.div(step).round().mul(step);
        }
    }

    /**
     * Bounds each row by a share of its largest number: one scale per token.
     *
     * <p>Activations are bounded here where a quantizer rounds them, for a number between two steps goes to the one or
     * to the other as rounding errors will have it, and no tolerance is fair to both.
     */
    record ClippedRows(float share) implements TensorMap {
        @Override
        public NDArray apply(NDArray tensor) {
            return clipped(tensor, largestOfEachRow(tensor).mul(share));
        }
    }

    /** Bounds all by a share of the largest number: one scale per tensor. */
    record ClippedTensor(float share) implements TensorMap {
        @Override
        public NDArray apply(NDArray tensor) {
            return clipped(tensor, tensor.abs().max().mul(share));
        }
    }

    private static NDArray clipped(NDArray tensor, NDArray most) {
        return tensor.minimum(most).maximum(most.neg());
    }

    private static NDArray largestOfEachRow(NDArray tensor) {
        return tensor.abs().max(new int[] {1}, true);
    }
}
