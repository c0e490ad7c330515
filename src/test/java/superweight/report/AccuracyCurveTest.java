package superweight.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import superweight.InvalidInputException;
import superweight.measure.Accuracy;
import superweight.measure.Accuracy.Outcome;
import superweight.measure.AverageAccuracy;
import superweight.stats.McNemar;
import superweight.stats.PairedBootstrap;

class AccuracyCurveTest {
    private static final List<AverageAccuracy> MEASURED = List.of(
            of("0000", "01"), // half of nothing
            of("1100", "01"),
            of("1110", "01"));

    private final AccuracyCurve curve =
            AccuracyCurve.of(List.of(0.0, 1.0, 2.0), MEASURED, new PairedBootstrap(3, 500, 0.95));

    @Test
    void everyFactorIsHeldAgainstTheOriginalTaskByTask() {
        assertEquals(-25, curve.at(0).gain().estimate(), 1e-9);
        assertEquals(0, curve.at(1).gain().high());
        assertEquals(12.5, curve.at(2).gain().estimate(), 1e-9);
        assertEquals(1.25, curve.at(2).ratio().estimate(), 1e-9);
        assertEquals(new McNemar(0, 2, 6), curve.at(0).changed());
        assertEquals(new McNemar(1, 0, 6), curve.at(2).changed());
    }

    /** Two items of one direction have p = 1/2, which counts twice; one item has 1. */
    @Test
    void pValuesAreCorrectedForAllFactorsButTheOriginalIsNoComparison() {
        assertEquals(1, curve.at(0).pValue(), 1e-9);
        assertEquals(1, curve.at(2).pValue(), 1e-9);
        assertTrue(Double.isNaN(curve.at(1).pValue()));
    }

    @Test
    void theTableShowsPointsAndItemsNotShares() {
        String table = curve.table().markdown();
        assertTrue(table.contains("| 2 | 62.5 |"), table);
        assertTrue(table.contains("| 1 | 0 | 1.0 |"), table);
    }

    @Test
    void withoutTheOriginalThereIsNothingToCompareWith() {
        assertThrows(InvalidInputException.class,
                () -> AccuracyCurve.of(List.of(0.0, 2.0, 3.0), MEASURED, new PairedBootstrap(3)));
    }

    /** One word of right (1) and wrong (0) answers a task. */
    private static AverageAccuracy of(String... tasks) {
        return new AverageAccuracy(Arrays.stream(tasks)
                .map(task -> new Accuracy(task.chars()
                        .mapToObj(answer -> new Outcome(List.of(), answer == '1'))
                        .toList()))
                .toList());
    }
}
