package superweight.quantize;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import superweight.quantize.Outlier.Largest;
import superweight.quantize.Outlier.LargestOfChannel;
import superweight.quantize.Outlier.Place;

class OutlierTest {
    @Test
    void magnitudeCountsAndNotSign() {
        float[] activations = {1, -2, 3, 4, -9, 5};
        assertEquals(new Place(1, 1), in(new Largest(), activations, 3));
        assertEquals(new Place(1, 2), in(new LargestOfChannel(2), activations, 3));
    }

    @Test
    void ofEqualsItIsTheFirstWhateverTheirSign() {
        float[] activations = {1, 2, 0, -7, 7, 2, 7, -7, 2};
        assertEquals(new Place(1, 0), in(new Largest(), activations, 3));
        assertEquals(new Place(1, 1), in(new LargestOfChannel(1), activations, 3));
        assertEquals(new Place(1, 2), in(new LargestOfChannel(2), activations, 3));
        assertEquals(new Place(0, 0), in(new Largest(), new float[6], 3));
    }

    /** As many as the engine looks at with several threads and in vectors. */
    @Test
    void ofManyEqualsItIsTheFirstToo() {
        int channels = 1536;
        float[] activations = new float[512 * channels];
        Arrays.fill(activations, 1);
        for (int i = 5 * channels + 77; i < activations.length; i += 3) {
            activations[i] = i % 2 == 0 ? 8 : -8;
        }
        assertEquals(new Place(5, 77), in(new Largest(), activations, channels));
        assertEquals(new Place(0, 9), in(new LargestOfChannel(9), allOnes(activations.length), channels));
    }

    private static float[] allOnes(int length) {
        float[] ones = new float[length];
        Arrays.fill(ones, 1);
        return ones;
    }

    private static Place in(Outlier outlier, float[] activations, int channels) {
        try (NDManager scope = NDManager.newBaseManager()) {
            return outlier.in(scope.create(activations, new Shape(activations.length / channels, channels)));
        }
    }
}
