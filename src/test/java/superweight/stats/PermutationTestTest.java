package superweight.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PermutationTestTest {
    /** Darwin's cross-fertilized less self-fertilized maize, in eighths of an inch. */
    private static final double[] DARWIN = {49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48};

    private static final double[] ZERO = new double[DARWIN.length];

    /** Fisher (The Design of Experiments, section 21) counted 863 of 32,768 on either side. */
    @Test
    void countsFishersPatternsOfSigns() {
        assertEquals(2 * 863 / 32768.0, new PermutationTest(1).pValue(ZERO, DARWIN), 1e-15);
    }

    @Test
    void drawnPatternsComeCloseToAllOfThem() {
        assertEquals(0.0527, new PermutationTest(1, 20_000).pValue(ZERO, DARWIN), 0.005);
        assertEquals(new PermutationTest(5, 999).pValue(ZERO, DARWIN), new PermutationTest(5, 999).pValue(ZERO, DARWIN));
    }

    @Test
    void threeDifferencesOfOneSignGiveAQuarter() {
        assertEquals(0.25, new PermutationTest(1).pValue(new double[] {0, 0, 0}, new double[] {1, 2, 3}));
    }

    @Test
    void equalConditionsGiveOne() {
        assertEquals(1, new PermutationTest(1).pValue(DARWIN, DARWIN));
        double[] many = new double[100];
        assertEquals(1, new PermutationTest(1, 1000).pValue(many, many));
    }

    @Test
    void manyDifferencesOfOneSignGiveTheSmallestPossible() {
        double[] many = new double[100];
        double[] shifted = many.clone();
        Arrays.fill(shifted, 1);
        assertEquals(1.0 / 1000, new PermutationTest(1, 1000).pValue(many, shifted));
    }

    @Test
    void valuesMustBeFinitePairs() {
        PermutationTest test = new PermutationTest(1);
        assertThrows(IllegalArgumentException.class, () -> test.pValue(new double[0], new double[0]));
        assertThrows(IllegalArgumentException.class, () -> test.pValue(new double[1], new double[2]));
        assertThrows(IllegalArgumentException.class,
                () -> test.pValue(new double[] {0}, new double[] {Double.POSITIVE_INFINITY}));
    }
}
