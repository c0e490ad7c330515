package superweight.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import superweight.report.Inequality.Outcome;
import superweight.report.RivalExplanations.Row;
import superweight.stats.Interval;

/** Also of {@link Expectation}. */
class RivalExplanationsTest {
    private static final Interval AROUND_NOTHING = between(-0.05, 0.05);
    private static final Interval ABOVE = between(0.2, 0.6);
    private static final Interval ACROSS = between(0.05, 0.2);

    @Test
    void noDifferenceHasToBeShownOnBothSides() {
        Expectation none = Expectation.within(0.1);
        assertEquals(Optional.of(Outcome.HOLDS), none.judge(AROUND_NOTHING));
        assertEquals(Optional.of(Outcome.DOES_NOT_HOLD), none.judge(ABOVE));
        assertEquals(Optional.of(Outcome.DOES_NOT_HOLD), none.judge(between(-0.6, -0.2)));
        assertEquals(Optional.of(Outcome.UNDECIDED), none.judge(ACROSS));
        assertEquals(">= -0.1 and <= 0.1", none.toString());
    }

    @Test
    void aBoundIsDecidedWhereTheWholeIntervalIsOnOneSideOfIt() {
        assertEquals(Optional.of(Outcome.HOLDS), Expectation.moreThan(0.1).judge(ABOVE));
        assertEquals(Optional.of(Outcome.DOES_NOT_HOLD), Expectation.moreThan(0.1).judge(AROUND_NOTHING));
        assertEquals(Optional.of(Outcome.UNDECIDED), Expectation.moreThan(0.1).judge(ACROSS));
        assertEquals(Optional.of(Outcome.DOES_NOT_HOLD), Expectation.atMost(0.1).judge(ABOVE));
        assertEquals(Optional.of(Outcome.HOLDS), Expectation.atLeast(0.1).judge(ABOVE));
        assertEquals(Optional.of(Outcome.DOES_NOT_HOLD), Expectation.lessThan(-0.1).judge(AROUND_NOTHING));
        assertEquals(Optional.empty(), Expectation.NONE.judge(ABOVE));
    }

    @Test
    void theTableSaysWhatEachExpectedAndHowItCameOut() {
        RivalExplanations rivals = new RivalExplanations("moon", "sun", List.of(
                new Row("tide", ABOVE, Expectation.moreThan(0.1), Expectation.atMost(0.1)),
                new Row("dusk", ACROSS, Expectation.NONE, Expectation.within(0.1))));
        assertEquals(List.of("> 0.1: holds", "\u2013"), rivals.table().data().stringColumn("moon").asList());
        assertEquals(
                List.of("<= 0.1: does not hold", ">= -0.1 and <= 0.1: undecided"),
                rivals.table().data().stringColumn("sun").asList());
        assertEquals(1, rivals.ofFirst(Outcome.HOLDS));
        assertEquals(0, rivals.ofFirst(Outcome.UNDECIDED));
        assertEquals(1, rivals.ofSecond(Outcome.DOES_NOT_HOLD));
        assertEquals(1, rivals.ofSecond(Outcome.UNDECIDED));
    }

    private static Interval between(double low, double high) {
        return new Interval((low + high) / 2, low, high, 0.95);
    }
}
