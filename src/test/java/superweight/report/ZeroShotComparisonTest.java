package superweight.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import superweight.measure.ZeroShotTask;
import superweight.stats.PairedBootstrap;

class ZeroShotComparisonTest {
    private final PairedBootstrap bootstrap = new PairedBootstrap(3, 200, 0.95);
    private final ZeroShotComparison comparison = ZeroShotAnswers.COMPARISON;

    @Test
    void everyTaskCountsTheSameInTheAverage() {
        assertEquals(0.75, comparison.average(0).value());
        assertEquals(0.375, comparison.average(1).value());
        assertEquals(0.5, comparison.guessing());
        assertEquals(0.5, comparison.ratio(1, 0, bootstrap).estimate(), 1e-12);
    }

    @Test
    void whatIsRecoveredIsAShareOfTheLoss() {
        assertEquals(2.0 / 3, comparison.recovered(1, 2, bootstrap).orElseThrow().estimate(), 1e-12);
    }

    @Test
    void nothingIsRecoveredWhereNothingWasLost() {
        assertEquals(Optional.empty(), comparison.recovered(0, 2, bootstrap));
    }

    /** PIQA only, for the original of the other task is no better than guessing: (0.25 - 0.5) / (1 - 0.5). */
    @Test
    void whatIsLeftCountsFromGuessingWhereThereIsSomethingToLose() {
        assertEquals(-0.5, comparison.leftAboveGuessing(1, bootstrap).orElseThrow().estimate(), 1e-12);
        assertEquals(-0.5, ZeroShotComparison.leftAboveGuessing(comparison.tasks().get(0), 1, bootstrap)
                .orElseThrow().estimate(), 1e-12);
        assertEquals(Optional.empty(),
                ZeroShotComparison.leftAboveGuessing(comparison.tasks().get(1), 1, bootstrap));
    }

    @Test
    void itSaysHowManyItemsOfWhichTasksWereAsked() {
        assertEquals("8 items of piqa, 8 of winogrande", comparison.sample());
    }

    @Test
    void aConditionIsFoundByItsName() {
        assertEquals(2, comparison.index("activation restored"));
        assertThrows(IllegalArgumentException.class, () -> comparison.index("another"));
    }

    @Test
    void onlyAllItemsThatThePaperMeasuredOnAreAWholeTask() {
        assertTrue(!comparison.tasks().get(0).isWhole());
        assertTrue(ZeroShotAnswers.whole(ZeroShotTask.SCIQ).isWhole());
    }

    @Test
    void theFigureHasARowForEveryTaskAndConditionAndGuessingInEach() {
        DotFigure figure = comparison.figure("Accuracy", List.of("original", "super weight pruned"));
        assertEquals(List.of("piqa: original", "piqa: super weight pruned", "winogrande: original",
                "winogrande: super weight pruned"), figure.conditions());
        assertEquals("Horizontal: accuracy, %. Dashed line: guessing, 50.00.", figure.reading());
        assertTrue(figure.csv().contains("piqa: super weight pruned,this run,super weight pruned,25.0,"), figure::csv);
    }
}
