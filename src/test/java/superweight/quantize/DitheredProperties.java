package superweight.quantize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.Random;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import superweight.quantize.QuantizerProperties.Weight;

class DitheredProperties {
    private static final Rounding.MinMax ROUNDING = new Rounding.MinMax(15);

    @Property(tries = 200)
    void noWeightMovesByMoreThanHalfAStepOfItsBlock(
            @ForAll("weights") Weight weight, @ForAll @IntRange(min = 1, max = 12) int length, @ForAll long seed) {
        Blocks blocks = new Blocks.Runs(length);
        float[] dithered = QuantizerProperties.apply(new Dithered(blocks, ROUNDING, seed), weight);
        for (int[] block : PlainQuantizer.cut(blocks, weight.rows(), weight.columns())) {
            float[] values = PlainQuantizer.at(block, weight.values());
            double half = PlainQuantizer.step(ROUNDING, values) / 2 + PlainQuantizer.fourUlp(values);
            for (int i = 0; i < block.length; i++) {
                assertEquals(values[i], dithered[block[i]], half);
            }
        }
    }

    @Property(tries = 50)
    void theSameWeightsAndSeedGiveTheSameNoise(@ForAll("weights") Weight weight, @ForAll long seed) {
        Dithered dithered = new Dithered(new Blocks.Runs(8), ROUNDING, seed);
        assertArrayEquals(QuantizerProperties.apply(dithered, weight), QuantizerProperties.apply(dithered, weight));
    }

    /** Read in pieces, a matrix has the noise that it would have if it were in the heap as a whole. */
    @Property(tries = 10)
    void howItIsReadChangesNoBit(@ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int more) {
        int rows = more == 4 ? 128 : 100 + more; // two whole pieces, or one and a part
        int columns = more == 4 ? 1024 : 700 + more;
        float[] values = new float[rows * columns];
        Random random = new Random(seed);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        assertTrue(values.length > Pieces.ELEMENTS);
        Weight weight = new Weight(rows, columns, values);
        Blocks blocks = new Blocks.Runs(32);
        assertArrayEquals(
                QuantizerProperties.apply(matrix -> atOnce(matrix, blocks, seed), weight),
                QuantizerProperties.apply(new Dithered(blocks, ROUNDING, seed), weight));
    }

    private static NDArray atOnce(NDArray weight, Blocks blocks, long seed) {
        SplittableRandom random = new SplittableRandom(seed + Arrays.hashCode(weight.toFloatArray()));
        float[] noise = new float[Math.toIntExact(weight.size())];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (float) random.nextDouble(-0.5, 0.5);
        }
        NDArray each = blocks.map(weight, block -> block.zerosLike().addi(ROUNDING.step(block)));
        return weight.getManager().create(noise, weight.getShape()).muli(each).addi(weight);
    }

    /** Rounded weights stand on 16 levels; dithered ones on none. */
    @Property(tries = 20)
    void weightsLeaveTheLevelsThatTheyStoodOn(@ForAll long seed) {
        float[] values = new float[256];
        for (int i = 0; i < values.length; i++) {
            values[i] = (i * 7) % 16;
        }
        float[] dithered = QuantizerProperties.apply(
                new Dithered(new Blocks.Runs(32), ROUNDING, seed), new Weight(16, 16, values));
        assertTrue(Arrays.stream(boxed(dithered)).distinct().count() > 200);
        double meanMove = 0;
        for (int i = 0; i < values.length; i++) {
            meanMove += Math.abs(dithered[i] - values[i]) / values.length;
        }
        assertEquals(0.25, meanMove, 0.05); // of noise that is uniform over one step
    }

    private static Float[] boxed(float[] values) {
        Float[] boxed = new Float[values.length];
        Arrays.setAll(boxed, i -> values[i]);
        return boxed;
    }

    @Provide
    Arbitrary<Weight> weights() {
        return QuantizerProperties.weights();
    }
}
