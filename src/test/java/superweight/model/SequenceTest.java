package superweight.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class SequenceTest {
    private static final float NO = Float.NEGATIVE_INFINITY;

    @Test
    void textsShareWhatAllOfThemBeginWith() {
        Sequence sequence = Sequence.sharingTheirBeginning(List.of(
                new int[] {7, 8, 9, 1}, new int[] {7, 8, 3}, new int[] {7, 8, 9, 2, 4}));
        assertArrayEquals(new int[] {7, 8, 9, 1, 3, 9, 2, 4}, sequence.ids());
        assertEquals(2, sequence.beginning());
        assertEquals(List.of(2, 1, 3), sequence.endings());
        assertArrayEquals(new int[] {0, 1, 2, 3, 2, 2, 3, 4}, sequence.positions());
        assertEquals(8, sequence.tokens());
        assertEquals(5, sequence.longest());
        assertEquals(1, sequence.index(2, 1));
        assertEquals(3, sequence.index(0, 3));
        assertEquals(4, sequence.index(1, 2));
        assertEquals(7, sequence.index(2, 4));
        assertFalse(sequence.isCausal());
    }

    @Test
    void aTokenSeesItsOwnTextUpToItself() {
        Sequence sequence = Sequence.sharingTheirBeginning(List.of(new int[] {7, 1, 2}, new int[] {7, 3}));
        assertArrayEquals(
                new float[] {
                    0, NO, NO, NO,
                    0, 0, NO, NO,
                    0, 0, 0, NO,
                    0, NO, NO, 0
                },
                sequence.mask());
    }

    @Test
    void textsWithoutACommonBeginningSeeNothingOfEachOther() {
        Sequence sequence = Sequence.sharingTheirBeginning(List.of(new int[] {1, 2}, new int[] {3}));
        assertEquals(0, sequence.beginning());
        assertArrayEquals(new int[] {0, 1, 0}, sequence.positions());
        assertArrayEquals(new float[] {0, NO, NO, 0, 0, NO, NO, NO, 0}, sequence.mask());
    }

    /** A mask costs time, and what one text is needs none. */
    @Test
    void oneTextAndItsBeginningsAreReadAsOneText() {
        assertTrue(Sequence.of(1, 2, 3).isCausal());
        assertEquals(0, Sequence.of(1, 2, 3).index(0, 0));
        Sequence equal = Sequence.sharingTheirBeginning(List.of(new int[] {1, 2}, new int[] {1, 2}));
        assertTrue(equal.isCausal());
        assertEquals(2, equal.tokens());
        Sequence prefix = Sequence.sharingTheirBeginning(List.of(new int[] {1, 2}, new int[] {1, 2, 3}));
        assertTrue(prefix.isCausal());
        assertArrayEquals(new int[] {1, 2, 3}, prefix.ids());
        assertArrayEquals(new int[] {0, 1, 2}, prefix.positions());
    }

    @Test
    void partsThatAreNotAllOfTheTokensAreRefused() {
        for (int beginning : new int[] {-1, 1, 3}) {
            assertThrows(
                    IllegalArgumentException.class, () -> new Sequence(new int[] {1, 2, 3}, beginning, List.of(1)));
        }
    }
}
