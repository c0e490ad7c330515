package superweight.quantize;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import java.util.SplittableRandom;
import superweight.model.TensorMap;

/**
 * Weights moved off the levels that they stand on: by uniform noise of at most half a step of their own block.
 *
 * <p>A model whose weights were quantized once meets a quantizer of the same blocks on its own levels and loses
 * nothing. Dithered, the same model shows what a model would lose that never was.
 *
 * @param blocks that the weights were rounded in
 * @param rounding to whose levels they were
 * @param seed of the noise, which differs from matrix to matrix
 */
public record Dithered(Blocks blocks, Rounding.MinMax rounding, long seed) implements TensorMap {
    @Override
    public NDArray apply(NDArray weight) {
        NDArray each = blocks.map(weight, block -> block.zerosLike().addi(rounding.step(block))); // of its block
        return noise(weight.flatten()).reshape(weight.getShape()).muli(each).addi(weight);
    }

    /** From -0.5 to 0.5, of {@code [elements]} and for them. */
    private NDArray noise(NDArray flat) {
        SplittableRandom random = new SplittableRandom(seed + hash(flat));
        NDArray noise = flat.zerosLike();
        for (long first = 0; first < flat.size(); first += Pieces.ELEMENTS) {
            float[] some = new float[(int) Math.min(Pieces.ELEMENTS, flat.size() - first)];
            for (int i = 0; i < some.length; i++) {
                some[i] = (float) random.nextDouble(-0.5, 0.5);
            }
            try (NDArray piece = flat.getManager().create(some)) {
                noise.set(new NDIndex("{}:{}", first, first + some.length), piece);
            }
        }
        return noise;
    }

    /** As {@link java.util.Arrays#hashCode(float[])} has it of all elements. */
    private static int hash(NDArray flat) {
        int hash = 1;
        for (long first = 0; first < flat.size(); first += Pieces.ELEMENTS) {
            for (float element : Pieces.from(first, flat)) {
                hash = 31 * hash + Float.hashCode(element);
            }
        }
        return hash;
    }
}
