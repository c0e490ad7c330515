package superweight.stats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

/** Values are those of R's {@code p.adjust(..., "holm")}. */
class HolmTest {
    @Test
    void multipliesTheSmallestByAllAndNeverDescends() {
        assertArrayEquals(new double[] {0.04, 0.06, 0.06, 0.06}, Holm.adjust(0.01, 0.02, 0.03, 0.04), 1e-12);
    }

    @Test
    void keepsTheOrderAndStopsAtOne() {
        assertArrayEquals(new double[] {1, 0.003, 1}, Holm.adjust(0.6, 0.001, 0.7), 1e-12);
    }

    @Test
    void whatIsNotANumberIsNoComparison() {
        assertArrayEquals(new double[] {0.02, Double.NaN, 0.04}, Holm.adjust(0.01, Double.NaN, 0.04), 1e-12);
    }

    @Test
    void aSingleComparisonNeedsNoCorrection() {
        assertArrayEquals(new double[] {0.03}, Holm.adjust(0.03));
        assertArrayEquals(new double[0], Holm.adjust());
    }
}
