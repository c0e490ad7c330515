package superweight.quantize;

import ai.djl.ndarray.NDArray;
import superweight.model.TensorMap;

/**
 * Fake quantization: to the levels of N bits and back to float32, by a way to cut blocks, to clip and to round.
 *
 * @param blocks share one step each
 * @param clip what is done to outliers first
 * @param rounding to the levels
 */
public record Quantizer(Blocks blocks, Clip clip, Rounding rounding) implements TensorMap {
    /** The bits of a step's width or of a smallest element. */
    private static final double PARAMETER_BITS = 16;

    /** Round to nearest between a block's extremes, on all levels of N bits, nothing clipped (the paper's code). */
    public static Quantizer roundToNearest(int bits, Blocks blocks) {
        return new Quantizer(blocks, new Clip.None(), new Rounding.MinMax(Rounding.stepsOf(bits)));
    }

    /** Symmetric, by the largest magnitude of a block (SmoothQuant's). */
    public static Quantizer absMax(int bits, Blocks blocks) {
        return new Quantizer(blocks, new Clip.None(), new Rounding.AbsMax(Rounding.halfTheStepsOf(bits)));
    }

    /** The same with outliers clipped first. */
    public Quantizer clipping(Clip other) {
        return new Quantizer(blocks, other, rounding);
    }

    @Override
    public NDArray apply(NDArray tensor) {
        return blocks.map(clip.clip(tensor, blocks), rounding::round);
    }

    /** For each element the distance between two levels of its block, {@code [rows, columns]}. */
    NDArray steps(NDArray tensor) {
        return blocks.map(clip.clip(tensor, blocks), block -> block.zerosLike().add(rounding.step(block)));
    }

    /** What an element takes, its share of its block's step and smallest element counted. */
    public double bitsPerElement(long rows, long columns) {
        double levelBits = Math.ceil(Math.log(rounding.levels()) / Math.log(2));
        return levelBits
                + PARAMETER_BITS * rounding.parameters() * blocks.count(rows, columns) / (rows * columns);
    }
}
