package superweight.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import superweight.report.Contradiction.Way;
import superweight.report.Decision.Outcome;
import superweight.stats.Interval;

class AuditTest {
    private static final Contradictions THREE = new Contradictions(List.of(
            row("steps", 1, Way.RUN), row("average", 2, Way.ARITHMETIC), row("authors", 3, Way.OPEN)));
    private static final List<Decision> DECISIONS = List.of(
            Decision.of("average", Outcome.OTHER, "the mean is 50.09"),
            Decision.of("steps", Outcome.DIFFER, "8 levels, 16 levels")
                    .withRatio(new Interval(0.5, 0.4, 0.6, 0.95)));

    @Test
    void theTableHasEveryContradictionAndWhatStands() {
        Audit audit = Audit.of(THREE, DECISIONS);
        assertEquals(List.of("not the same thing", "code", "open"),
                audit.table().data().stringColumn("stands").asList());
        assertTrue(audit.table().markdown().contains("| 0.500 | [0.400, 0.600] |"), audit.table().markdown());
        assertEquals(1, audit.count(Outcome.DIFFER));
        assertEquals(0, audit.count(Outcome.BOTH));
    }

    @Test
    void theFigureHasWhatWasMeasured() {
        DotFigure figure = Audit.of(THREE, DECISIONS).figure("title");
        assertEquals(List.of("1: steps"), figure.conditions());
        assertEquals(0.5, figure.points().get(0).value());
    }

    @Test
    void aDecidableOneWithoutADecisionIsNotLostInSilence() {
        assertEquals("not decided: steps", refusal(DECISIONS.subList(0, 1)));
        assertEquals("not decided: steps, average", refusal(List.of()));
    }

    @Test
    void nothingIsDecidedTwiceOrThoughItIsOpenOrUnknown() {
        assertEquals("decided twice: average", refusal(with("average")));
        assertEquals("decided, but said to be open: authors", refusal(with("authors")));
        assertEquals("no contradiction is called weather", refusal(with("weather")));
    }

    @Test
    void anOutcomeFollowsFromWhatHoldsOrFromAnInterval() {
        assertEquals(
                List.of(Outcome.BOTH, Outcome.ONE, Outcome.OTHER, Outcome.NEITHER),
                List.of(Outcome.of(true, true), Outcome.of(true, false),
                        Outcome.of(false, true), Outcome.of(false, false)));
        assertEquals(Outcome.DIFFER, Outcome.ofRatio(new Interval(1.2, 1.1, 1.3, 0.95)));
        assertEquals(Outcome.DIFFER, Outcome.ofRatio(new Interval(0.9, 0.8, 0.99, 0.95)));
        assertEquals(Outcome.NOT_TOLD_APART, Outcome.ofRatio(new Interval(1.1, 0.9, 1.3, 0.95)));
        assertEquals(Outcome.NOT_TOLD_APART,
                Outcome.ofRatio(new Interval(Double.NaN, Double.NaN, Double.NaN, 0.95)));
    }

    @Test
    void aDecisionHasEvidence() {
        assertThrows(IllegalArgumentException.class, () -> Decision.of("steps", Outcome.ONE, " "));
    }

    private static List<Decision> with(String id) {
        List<Decision> more = new ArrayList<>(DECISIONS);
        more.add(Decision.of(id, Outcome.ONE, "again"));
        return more;
    }

    private static String refusal(List<Decision> decisions) {
        return assertThrows(IllegalArgumentException.class, () -> Audit.of(THREE, decisions)).getMessage();
    }

    private static Contradiction row(String id, int number, Way way) {
        return new Contradiction(id, number, "which?", "text", "a", "code", "b", way, way == Way.OPEN ? "ask" : "");
    }
}
