package superweight.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** P-values are those of R's {@code binom.test} on the items that differ. */
class McNemarTest {
    @Test
    void countsItemsThatOnlyOneConditionGetsRight() {
        boolean[] before = {true, true, true, false, false, true};
        boolean[] after = {true, false, false, true, false, false};
        McNemar test = McNemar.of(before, after);
        assertEquals(new McNemar(1, 3, 6), test);
        assertEquals(-2.0 / 6, test.difference(), 1e-15);
        assertEquals(1.0 / 3, test.oddsRatio(), 1e-15);
    }

    @Test
    void givesTheExactPValue() {
        assertEquals(2.0 / 1024, new McNemar(10, 0, 40).pValue(), 1e-12);
        assertEquals(0.1796875, new McNemar(2, 7, 40).pValue(), 1e-12);
        assertEquals(1, new McNemar(4, 4, 40).pValue(), 1e-12);
    }

    /** Approval of a prime minister in two surveys of 1,600 people: 150 turned away, 86 towards (Agresti 2002). */
    @Test
    void findsTheTextbooksShiftOfOpinion() {
        assertEquals(3.716e-5, new McNemar(86, 150, 1600).pValue(), 1e-8);
    }

    @Test
    void conditionsThatNeverDifferGiveOne() {
        assertEquals(1, McNemar.of(new boolean[] {true, false}, new boolean[] {true, false}).pValue());
    }

    @Test
    void answersToOtherItemsAreNoPairs() {
        assertThrows(IllegalArgumentException.class, () -> McNemar.of(new boolean[2], new boolean[3]));
        assertThrows(IllegalArgumentException.class, () -> new McNemar(3, 3, 5));
    }
}
