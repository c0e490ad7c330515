package superweight.quantize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScaledChannelsTest {
    @Test
    void neitherTheTensorNorTheFactorsAreWrittenTo() {
        float[] factors = {2, 3};
        ScaledChannels scaled = new ScaledChannels(factors);
        factors[0] = 9;
        scaled.factors()[1] = 9;
        try (NDManager scope = NDManager.newBaseManager()) {
            NDArray tensor = scope.create(new float[] {1, 1, -1, 2}, new Shape(2, 2));
            assertArrayEquals(new float[] {2, 3, -2, 6}, scaled.apply(tensor).toFloatArray());
            assertArrayEquals(new float[] {1, 1, -1, 2}, tensor.toFloatArray());
        }
    }

    /** Runs whose maps are equal share their work: factors that differ anywhere must not be taken for equal. */
    @Test
    void everyFactorCounts() {
        for (int at = 0; at < 40; at++) {
            float[] other = factors();
            other[at] += 1;
            assertNotEquals(new ScaledChannels(factors()), new ScaledChannels(other), "factor " + at);
        }
        assertEquals(new ScaledChannels(factors()), new ScaledChannels(factors()));
        assertEquals(new ScaledChannels(factors()).hashCode(), new ScaledChannels(factors()).hashCode());
        assertNotEquals(new ScaledChannels(new float[] {1}), new ScaledChannels(new float[] {1, 0}));
    }

    private static float[] factors() {
        float[] factors = new float[40];
        IntStream.range(0, factors.length).forEach(i -> factors[i] = i);
        return factors;
    }
}
