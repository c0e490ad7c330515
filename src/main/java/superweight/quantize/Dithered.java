package superweight.quantize;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.SplittableRandom;
import superweight.model.TensorMap;

/**
 * Weights moved off the levels that they stand on: by uniform noise of at most half a step of their own block.
 *
 * <p>A model whose weights were quantized once meets a quantizer of the same blocks on its own levels and loses nothing.
 * Dithered, the same model shows what a model would lose that never was.
 *
 * @param blocks that the weights were rounded in
 * @param rounding to whose levels they were
 * @param seed of the noise, which differs from matrix to matrix
 */
public record Dithered(Blocks blocks, Rounding.MinMax rounding, long seed) implements TensorMap {
    @Override
    public NDArray apply(NDArray weight) {
        SplittableRandom random = new SplittableRandom(seed + Arrays.hashCode(weight.toFloatArray()));
        float[] noise = new float[Math.toIntExact(weight.size())];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (float) random.nextDouble(-0.5, 0.5);
        }
        NDArray each = blocks.map(weight, block -> block.zerosLike().addi(rounding.step(block))); // of its block
        return weight.getManager().create(noise, weight.getShape()).muli(each).addi(weight);
    }
}
