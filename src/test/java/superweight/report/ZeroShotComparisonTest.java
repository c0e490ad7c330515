package superweight.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import superweight.measure.Accuracy;
import superweight.measure.Accuracy.Outcome;
import superweight.measure.Continuation;
import superweight.measure.LogLikelihood;
import superweight.measure.TaskItem;
import superweight.measure.ZeroShotTask;
import superweight.stats.Interval;
import superweight.stats.PairedBootstrap;

/** Two tasks of four items: of the first the change loses three, of the second none. */
class ZeroShotComparisonTest {
    private static final List<String> CONDITIONS = List.of("original", "pruned", "restored");
    private static final TaskItem ITEM = new TaskItem.MultipleChoice(
            List.of(new Continuation("a", " b"), new Continuation("a", " c")), 0);
    private static final List<TaskItem> ITEMS = List.of(ITEM, ITEM, ITEM, ITEM);

    private final PairedBootstrap bootstrap = new PairedBootstrap(3, 200, 0.95);
    private final ZeroShotComparison comparison = ZeroShotComparison.of(CONDITIONS)
            .with(ZeroShotTask.PIQA, ITEMS, List.of(of("1111"), of("1000"), of("1110")))
            .with(ZeroShotTask.WINOGRANDE, ITEMS, List.of(of("1100"), of("1100"), of("1100")));

    @Test
    void everyTaskCountsTheSameInTheAverage() {
        assertEquals(0.75, comparison.average(0).value());
        assertEquals(0.375, comparison.average(1).value());
        assertEquals(0.5, comparison.ratio(1, 0, bootstrap).estimate(), 1e-12);
    }

    @Test
    void whatIsRecoveredIsAShareOfTheLoss() {
        assertEquals(2.0 / 3, comparison.recovered(1, 2, bootstrap).estimate(), 1e-12);
    }

    @Test
    void whatIsLeftCountsFromGuessing() {
        assertEquals((0.25 - 0.5) / (1 - 0.5), leftOf(0).orElseThrow().estimate(), 1e-12);
        assertEquals(Optional.empty(), leftOf(1), "the original itself guesses");
    }

    private Optional<Interval> leftOf(int task) {
        return ZeroShotComparison.leftAboveChance(comparison.tasks().get(task), 1, bootstrap);
    }

    /** Three items of one direction have p = 1/4; of four comparisons the smallest counts four times. */
    @Test
    void theTableComparesItemByItemAndCorrectsForAllItsComparisons() {
        String table = comparison.table().markdown();
        assertTrue(table.contains("| piqa | pruned | 4 | 25.0 | 25.0 | 50.0 | 1.0 | 0 | 3 | 1.0 |"), table);
        assertTrue(table.contains("| winogrande | restored | 4 | 50.0 | 28.9 | 50.0 | 1.0 | 0 | 0 | 1.0 | 0.00 |"), table);
        assertTrue(table.contains("| piqa | original | 4 | 100.0 | 0.0 | 50.0 | 0.75 | 0 | 0 | – | – |"), table);
    }

    @Test
    void marginsSayHowFarAheadTheRightAnswersAre() {
        String table = comparison.margins(bootstrap).markdown();
        assertTrue(table.contains("| piqa | original | 1.00 | 0.00 |"), table);
        assertTrue(table.contains("| piqa | pruned | -0.50 | -1.50 |"), table);
    }

    @Test
    void averagesStandAgainstTheOriginals() {
        String table = comparison.averages(bootstrap).markdown();
        assertTrue(table.contains("| pruned | 2 | 37.5 | 19.1 | -37.5 |"), table);
    }

    /** One word of right (1) and wrong (0) answers; a right one is a nat ahead, a wrong one a nat behind. */
    private static Accuracy of(String answers) {
        return new Accuracy(answers.chars()
                .mapToObj(answer -> new Outcome(
                        List.of(new LogLikelihood(answer == '1' ? -1 : -2, false),
                                new LogLikelihood(answer == '1' ? -2 : -1, false)),
                        answer == '1'))
                .toList());
    }
}
