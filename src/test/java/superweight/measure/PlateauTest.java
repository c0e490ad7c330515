package superweight.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PlateauTest {
    /** The first and the last values of the paper's Figure 4, and some of its plateau. */
    private static final double[] ORIGINAL = {5.84375, 10.75, 1320, 1320, 1360, 1360, 1360, 1336, 145};

    private static final double[] PRUNED = {5.84375, 10.75, 244, 247, 322, 324, 324, 356, 220};

    private static final Plateau PAPER = Plateau.of(ORIGINAL);

    @Test
    void itReachesFromHalfTheLargestToTheLayerBeforeItIsBelowThat() {
        assertEquals(new Plateau(2, 7, 9), PAPER);
        assertEquals(new Plateau(0, 0, 1), Plateau.of(new double[] {3}));
        assertEquals(new Plateau(1, 2, 3), Plateau.of(new double[] {4.99, 5, 10}));
    }

    @Test
    void whatRisesAgainLaterIsNoPartOfIt() {
        assertEquals(new Plateau(1, 1, 5), Plateau.of(new double[] {1, 9, 2, 10, 1}));
    }

    @Test
    void itsLevelIsTheMedianAndItsOnsetTheFirstValueOfAnyCurve() {
        assertEquals(1348, PAPER.level(ORIGINAL));
        assertEquals(323, PAPER.level(PRUNED));
        assertEquals(1320, PAPER.onset(ORIGINAL));
        assertEquals(244, PAPER.onset(PRUNED));
    }

    @Test
    void itsConstancyIsTheSmallestOverTheLargest() {
        assertEquals(1320.0 / 1360, PAPER.constancy(ORIGINAL));
        assertEquals(145.0 / 1360, PAPER.constancyToTheEnd(ORIGINAL));
        assertEquals(1, Plateau.of(new double[] {0, 7, 7}).constancyToTheEnd(new double[] {0, 7, 7}));
    }

    @Test
    void itsPersistenceIsTheShareOfTheLayersThatAreLeft() {
        assertEquals(6 / 7.0, PAPER.persistence());
        assertEquals(1, Plateau.of(new double[] {0, 7, 7}).persistence());
    }
}
