package superweight.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** Ends are those of R's {@code prop.test(..., correct = FALSE)}, p-values those of its {@code binom.test}. */
class ProportionTest {
    @Test
    void wilsonsIntervalStaysBetweenZeroAndOne() {
        assertEquals(0, new Proportion(0, 10).interval(0.95).low(), 1e-12);
        assertEquals(0.277533, new Proportion(0, 10).interval(0.95).high(), 1e-6);
        assertEquals(0.236593, new Proportion(5, 10).interval(0.95).low(), 1e-6);
        assertEquals(0.763407, new Proportion(5, 10).interval(0.95).high(), 1e-6);
    }

    @Test
    void theExactTestHoldsItAgainstChance() {
        assertEquals(0.021484375, new Proportion(9, 10).pValue(0.5), 1e-12);
        assertEquals(1, new Proportion(25, 100).pValue(0.25), 1e-12);
        assertEquals(2.0 / 1024, new Proportion(0, 10).pValue(0.5), 1e-12);
    }

    @Test
    void noMoreCanSucceedThanWereTried() {
        assertThrows(IllegalArgumentException.class, () -> new Proportion(3, 2));
        assertThrows(IllegalArgumentException.class, () -> new Proportion(0, 0));
    }
}
