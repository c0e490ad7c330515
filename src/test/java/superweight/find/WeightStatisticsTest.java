package superweight.find;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class WeightStatisticsTest {
    private static final float[] MATRIX = {
        1, 2, 3, 6, //
        -9, 0, 5, 0,
        6, -6, 0.5f, 0,
    };

    /** Row 0 has the mean 3 and the sum of squares 4 + 1 + 0 + 9 = 14 around it. */
    @Test
    void theZScoreIsByTheUnbiasedStandardDeviationAndKeepsItsSign() {
        double deviation = Math.sqrt(14.0 / 3);
        assertEquals(3 / deviation, statistics(0, 3).zScoreInRow(), 1e-12);
        assertEquals(-2 / deviation, statistics(0, 0).zScoreInRow(), 1e-12);
        assertEquals(0, statistics(0, 2).zScoreInRow());
        // Row 1 has the mean -1 and the sum of squares 64 + 1 + 36 + 1 = 102 around it.
        assertEquals(-8 / Math.sqrt(102.0 / 3), statistics(1, 0).zScoreInRow(), 1e-12);
    }

    @Test
    void ranksGoByMagnitudeFromOne() {
        assertEquals(1, statistics(1, 0).rankInMatrix());
        assertEquals(1, statistics(1, 0).rankInRow());
        assertEquals(5, statistics(1, 2).rankInMatrix());
        assertEquals(2, statistics(1, 2).rankInRow());
        assertEquals(6, statistics(0, 2).rankInMatrix());
        assertEquals(2, statistics(0, 2).rankInRow());
    }

    @Test
    void equalMagnitudesShareTheBetterRank() {
        for (int[] at : new int[][] {{0, 3}, {2, 0}, {2, 1}}) {
            assertEquals(2, statistics(at[0], at[1]).rankInMatrix());
            assertEquals(1, statistics(at[0], at[1]).rankInRow());
        }
        assertEquals(10, statistics(1, 1).rankInMatrix());
        assertEquals(3, statistics(1, 3).rankInRow());
    }

    private static WeightStatistics statistics(int row, int column) {
        return WeightStatistics.of(MATRIX, 4, row, column);
    }
}
