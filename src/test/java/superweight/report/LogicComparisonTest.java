package superweight.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import superweight.measure.Accuracy;
import superweight.measure.Condition;
import superweight.measure.LogLikelihood;
import superweight.measure.MinimalPair;
import superweight.report.LogicComparison.Standing;
import superweight.stats.Interval;
import superweight.stats.PairedBootstrap;

class LogicComparisonTest {
    private static final List<MinimalPair> PAIRS = MinimalPair.bundled().subList(0, 40);
    private static final int ITEMS = 2 * PAIRS.size();
    private static final PairedBootstrap BOOTSTRAP = new PairedBootstrap(11);

    @Test
    void eachStandingIsWhatItsWordsSay() {
        assertEquals(Standing.INTACT, standing(64, 63));
        assertEquals(Standing.IMPAIRED, standing(76, 56));
        assertEquals(Standing.BROKEN, standing(64, 40));
        assertEquals(Standing.REVERSED, standing(64, 20));
        assertEquals(Standing.NOTHING_TO_LOSE, standing(42, 40));
        assertEquals(Standing.REVERSED, standing(42, 20));
        assertEquals(Standing.UNDECIDED, standing(56, 48));
    }

    @Test
    void theTableCountsWhatWasLostAndGained() {
        LogicComparison comparison = compare(64, 60);
        assertEquals("intact", comparison.table().data().stringColumn("logic").get(0));
        assertEquals(4, comparison.table().data().intColumn("lost").get(1));
        assertEquals(0, comparison.table().data().intColumn("gained").get(1));
        assertEquals(75, comparison.table().data().doubleColumn("right, %").get(1));
    }

    @Test
    void whatAModelLikesWhateverCameBeforeIsNotMovedByTheCause() {
        assertEquals(0, moved(3, -3).estimate());
        assertEquals(1.5, moved(4, -1).estimate(), 1e-12);
        assertEquals(-2, moved(-1, -3).estimate(), 1e-12);
    }

    /** By how much the right word is ahead in the pair's two contexts. */
    private static Interval moved(double first, double second) {
        Accuracy answers = new Accuracy(List.of(outcome(first), outcome(second)));
        return LogicComparison.of(PAIRS.subList(0, 1), List.of(Condition.ORIGINAL), List.of(answers), BOOTSTRAP)
                .rows()
                .get(0)
                .moved();
    }

    private static Accuracy.Outcome outcome(double margin) {
        return new Accuracy.Outcome(
                List.of(new LogLikelihood(margin - 7, false), new LogLikelihood(-7, false)), margin > 0);
    }

    private static Standing standing(int originalRight, int changedRight) {
        return compare(originalRight, changedRight).rows().get(1).standing();
    }

    private static LogicComparison compare(int originalRight, int changedRight) {
        return LogicComparison.of(
                PAIRS,
                List.of(Condition.ORIGINAL, new Condition("changed", List.of())),
                List.of(answers(originalRight), answers(changedRight)),
                BOOTSTRAP);
    }

    /** So many right ones, and then wrong ones. */
    private static Accuracy answers(int right) {
        return new Accuracy(IntStream.range(0, ITEMS)
                .mapToObj(item -> outcome(item < right ? 1 : -1))
                .toList());
    }
}
