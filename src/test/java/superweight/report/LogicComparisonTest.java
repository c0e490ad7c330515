package superweight.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import superweight.measure.Accuracy;
import superweight.measure.Condition;
import superweight.report.LogicComparison.Standing;

class LogicComparisonTest {
    private static final int ITEMS = 80;

    @Test
    void eachStandingIsWhatItsWordsSay() {
        assertEquals(Standing.INTACT, standing(64, 63));
        assertEquals(Standing.IMPAIRED, standing(76, 56));
        assertEquals(Standing.BROKEN, standing(64, 40));
        assertEquals(Standing.REVERSED, standing(64, 20));
        assertEquals(Standing.NOTHING_TO_LOSE, standing(42, 40));
        assertEquals(Standing.REVERSED, standing(42, 20));
    }

    @Test
    void theTableCountsWhatWasLostAndGained() {
        LogicComparison comparison = compare(64, 60);
        assertEquals("intact", comparison.table().data().stringColumn("logic").get(0));
        assertEquals(4, comparison.table().data().intColumn("lost").get(1));
        assertEquals(0, comparison.table().data().intColumn("gained").get(1));
        assertEquals(75, comparison.table().data().doubleColumn("right, %").get(1));
    }

    private static Standing standing(int originalRight, int changedRight) {
        return compare(originalRight, changedRight).rows().get(1).standing();
    }

    private static LogicComparison compare(int originalRight, int changedRight) {
        return LogicComparison.of(
                List.of(Condition.ORIGINAL, new Condition("changed", List.of())),
                List.of(answers(originalRight), answers(changedRight)));
    }

    /** So many right ones, and then wrong ones. */
    private static Accuracy answers(int right) {
        return new Accuracy(IntStream.range(0, ITEMS)
                .mapToObj(item -> new Accuracy.Outcome(List.of(), item < right))
                .toList());
    }
}
