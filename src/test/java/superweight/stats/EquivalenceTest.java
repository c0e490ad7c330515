package superweight.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EquivalenceTest {
    @ParameterizedTest
    @CsvSource({
        "-0.05, 0.04, NO_DIFFERENCE",
        "0.01, 0.09, NO_DIFFERENCE",
        "0.1, 0.5, MORE",
        "-3, -0.2, LESS",
        "-0.3, 0.2, UNDECIDED",
        "0.05, 0.2, UNDECIDED",
        "-0.2, -0.05, UNDECIDED"})
    void theWholeIntervalHasToLieOnOneSideOfTheBound(double low, double high, Equivalence expected) {
        assertEquals(expected, Equivalence.of(new Interval((low + high) / 2, low, high, 0.95), 0.1));
    }

    @Test
    void whatIsNotANumberDecidesNothing() {
        assertEquals(
                Equivalence.UNDECIDED,
                Equivalence.of(new Interval(Double.NaN, Double.NaN, Double.NaN, 0.95), 0.1));
    }

    @Test
    void aBoundMustBeAboveZero() {
        assertThrows(IllegalArgumentException.class, () -> Equivalence.of(new Interval(0, 0, 0, 0.95), 0));
    }
}
