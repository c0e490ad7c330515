package superweight.quantize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
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
