package superweight.find;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SpikeTest {
    @Test
    void theSpikeIsTheLargestMagnitudeWithItsSignItsTokenAndItsChannel() {
        float[] activations = {
            1, -2, 3, //
            4, 0, -60,
        };
        assertEquals(new Spike(1, 2, -60, 60 / 2.5), Spike.of(activations, 3));
        assertEquals(new Spike(5, 0, -60, 60 / 2.5), Spike.of(activations, 1));
        assertEquals(new Spike(0, 5, -60, 60 / 2.5), Spike.of(activations, 6));
    }

    @Test
    void theFirstOfEqualMagnitudesIsTheSpike() {
        assertEquals(new Spike(0, 1, -7, 1), Spike.of(new float[] {0, -7, 7, 7}, 2));
    }

    @Test
    void theMedianIsTheMiddleMagnitudeOrTheMeanOfTheTwo() {
        assertEquals(3, Spike.median(new float[] {-3}));
        assertEquals(2, Spike.median(new float[] {9, -2, 1}));
        assertEquals(2, Spike.median(new float[] {-2, 2, -2, 50, 0}));
        assertEquals(1.5, Spike.median(new float[] {-2, 1}));
        assertEquals(4.5, Spike.median(new float[] {100, -4, 5, 0}));
    }

    /** The mean of two halves is formed beyond float32. */
    @Test
    void theMedianOfTheLargestNumbersIsFinite() {
        assertEquals(Float.MAX_VALUE, Spike.median(new float[] {Float.MAX_VALUE, -Float.MAX_VALUE}));
    }

    @Test
    void inASilentLayerAnythingIsInfinitelyMuchMore() {
        assertEquals(new Spike(2, 0, 5, Double.POSITIVE_INFINITY), Spike.of(new float[] {0, 0, 5}, 1));
        assertTrue(Double.isNaN(Spike.of(new float[3], 1).timesMedian()));
    }
}
