package superweight.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class EffectSizeTest {
    @Test
    void cohensDzIsTheMeanDifferenceInStandardDeviations() {
        // differences 1, 2, 3: mean 2, standard deviation 1
        assertEquals(2, EffectSize.cohensDz(new double[] {5, 5, 5}, new double[] {6, 7, 8}), 1e-12);
    }

    @Test
    void cliffsDeltaCountsDominance() {
        // of nine pairs six go up, one down and two are equal
        assertEquals(5.0 / 9, EffectSize.cliffsDelta(new double[] {1, 2, 3}, new double[] {2, 3, 4}), 1e-12);
        assertEquals(-1, EffectSize.cliffsDelta(new double[] {3, 4}, new double[] {1, 2}), 1e-12);
        assertEquals(0, EffectSize.cliffsDelta(new double[] {1, 2}, new double[] {1, 2}), 1e-12);
    }

    @Test
    void cohensHIsTheDistanceOfAnglesOfProportions() {
        assertEquals(Math.PI / 6, EffectSize.cohensH(0.25, 0.5), 1e-12);
        assertEquals(-Math.PI, EffectSize.cohensH(1, 0), 1e-12);
    }

    /** The averages of the paper's Table 1: 42.75 % with its own 50.09, 42.3 % with the 49.94 of its text. */
    @Test
    void whatWasRecoveredIsTheShareOfTheLoss() {
        assertEquals(0.4275, EffectSize.recovered(70.11, 35.14, 50.09), 1e-4);
        assertEquals(0.4232, EffectSize.recovered(70.11, 35.14, 49.94), 1e-4);
        assertEquals(1, EffectSize.recovered(3, 1, 3), 1e-15);
    }

    @Test
    void pairsMustCoverTheSameUnits() {
        assertThrows(IllegalArgumentException.class, () -> EffectSize.cohensDz(new double[1], new double[2]));
    }
}
