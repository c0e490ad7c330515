package superweight.quantize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import superweight.InvalidInputException;

class RoundToNearestProperties {
    @Property(tries = 300)
    void noWeightMovesByMoreThanHalfAStepOfItsBlock(
            @ForAll("weights") float[] weights,
            @ForAll @IntRange(min = 2, max = 8) int bits,
            @ForAll @IntRange(min = 1, max = 70) int block) {
        float[] rounded = apply(new RoundToNearest(bits, block), weights);
        for (int start = 0; start < weights.length; start += block) {
            int end = Math.min(weights.length, start + block);
            float[] one = Arrays.copyOfRange(weights, start, end);
            Range range = Range.of(one);
            double half = (range.high - range.low) / ((1 << bits) - 1) / 2.0;
            for (int i = start; i < end; i++) {
                assertEquals(weights[i], rounded[i], half + range.fourUlp(), "weight " + i);
            }
        }
    }

    @Property(tries = 300)
    void extremesOfABlockStayAndItHasNoMoreLevelsThanItsBitsAllow(
            @ForAll("weights") float[] weights,
            @ForAll @IntRange(min = 2, max = 5) int bits) {
        float[] rounded = apply(new RoundToNearest(bits, weights.length), weights);
        Range before = Range.of(weights);
        Range after = Range.of(rounded);
        assertEquals(before.low, after.low, before.fourUlp());
        assertEquals(before.high, after.high, before.fourUlp());
        long levels = IntStream.range(0, rounded.length).mapToObj(i -> rounded[i]).distinct().count();
        assertTrue(levels <= 1 << bits, () -> levels + " levels of " + bits + " bits");
    }

    @Property(tries = 200)
    void aPlainLoopFindsTheSame(
            @ForAll("weights") float[] weights,
            @ForAll @IntRange(min = 2, max = 8) int bits,
            @ForAll @IntRange(min = 1, max = 12) int block) {
        float[] rounded = apply(new RoundToNearest(bits, block), weights);
        for (int start = 0; start < weights.length; start += block) {
            float[] one = Arrays.copyOfRange(weights, start, Math.min(weights.length, start + block));
            Range range = Range.of(one);
            float step = (range.high - range.low) / ((1 << bits) - 1);
            for (int i = 0; i < one.length; i++) {
                float level = step == 0 ? 0 : (float) Math.rint((one[i] - range.low) / step);
                assertEquals(level * step + range.low, rounded[start + i], range.fourUlp());
            }
        }
    }

    @Provide
    Arbitrary<float[]> weights() {
        return Arbitraries.floats().between(-8, 8).array(float[].class).ofMinSize(1).ofMaxSize(60);
    }

    @Example
    void bitsAndBlocksMustBePossible() {
        assertThrows(InvalidInputException.class, () -> new RoundToNearest(1, 64));
        assertThrows(InvalidInputException.class, () -> new RoundToNearest(9, 64));
        assertThrows(InvalidInputException.class, () -> new RoundToNearest(4, 0));
    }

    private record Range(float low, float high) {
        static Range of(float[] values) {
            float low = values[0];
            float high = values[0];
            for (float value : values) {
                low = Math.min(low, value);
                high = Math.max(high, value);
            }
            return new Range(low, high);
        }

        /** Of the largest magnitude. */
        double fourUlp() {
            return 4 * Math.ulp(Math.max(Math.abs(low), Math.abs(high)));
        }
    }

    private static float[] apply(RoundToNearest map, float[] weights) {
        try (NDManager scope = NDManager.newBaseManager()) {
            NDArray weight = scope.create(weights, new Shape(1, weights.length));
            NDArray rounded = map.apply(weight);
            assertEquals(weight.getShape(), rounded.getShape());
            return rounded.toFloatArray();
        }
    }
}
