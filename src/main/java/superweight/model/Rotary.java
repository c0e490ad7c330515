package superweight.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import superweight.checkpoint.ModelConfig;

/**
 * The angles of the rotary position embedding (RoPE) by position; one table serves all layers and sequences.
 *
 * @param cos {@code [positions, headDim / 2]}
 * @param sin {@code [positions, headDim / 2]}
 */
record Rotary(NDArray cos, NDArray sin) {
    /** The angles of the first positions. */
    static Rotary of(NDManager scope, ModelConfig config, long positions) {
        int half = config.headDim() / 2;
        float[] frequency = new float[half];
        for (int i = 0; i < half; i++) {
            // Rounded to float32 before the division, as the reference does.
            frequency[i] = config.ropeScaling()
                    .scaled(1 / (float) Math.pow(config.ropeTheta(), 2.0 * i / config.headDim()));
        }
        try (NDManager temporary = scope.newSubManager()) {
            NDArray angle = temporary.arange((float) positions)
                    .reshape(positions, 1)
                    .mul(temporary.create(frequency, new Shape(half))); // [positions, headDim / 2]
            Rotary rotary = new Rotary(angle.cos(), angle.sin());
            rotary.cos.attach(scope);
            rotary.sin.attach(scope);
            return rotary;
        }
    }

    /** The angles of some positions, one row each, in {@code scope}. */
    Rotary at(int[] positions, NDManager scope) {
        NDArray rows = scope.create(positions);
        Rotary chosen = new Rotary(cos.get(rows), sin.get(rows));
        chosen.cos.attach(scope);
        chosen.sin.attach(scope);
        return chosen;
    }

    /** Turns queries or keys, whose rows are at these positions: {@code [heads, positions, headDim]} to the same. */
    NDArray turn(Kernels kernels, NDArray x) {
        return kernels.rotate(x, cos, sin);
    }
}
