package superweight.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import superweight.measure.Token;
import superweight.measure.TokenKind;
import superweight.stats.Interval;
import superweight.stats.PairedBootstrap;
import superweight.stats.PermutationTest;

class TokenComparisonTest {
    private static final Token THE = new Token(7, " the", TokenKind.STOPWORD);
    private static final Token HELEN = new Token(9, " Helen", TokenKind.OTHER);

    /** "the" doubles after each of eight prompts; "Helen" goes up after some and down after others. */
    private static final TokenComparison COMPARISON = TokenComparison.of(
            List.of(THE, HELEN),
            new double[][] {
                {0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08},
                {0.5, 0, 0.1, 0.2, 0.1, 0.3, 0, 0},
            },
            new double[][] {
                {0.02, 0.04, 0.06, 0.08, 0.1, 0.12, 0.14, 0.16},
                {0, 0.1, 0.5, 0.1, 0.2, 0, 0.3, 0},
            },
            new PairedBootstrap(3),
            new PermutationTest(4));

    @Test
    void whatDoublesAfterEveryPromptHasARatioWithoutUncertainty() {
        TokenComparison.Row the = COMPARISON.row(THE);
        assertEquals(0.045, the.original().estimate(), 1e-12);
        assertEquals(0.09, the.changed().estimate(), 1e-12);
        for (double end : new double[] {the.ratio().low(), the.ratio().estimate(), the.ratio().high()}) {
            assertEquals(2, end, 1e-12);
        }
        Interval helen = COMPARISON.row(HELEN).ratio();
        assertEquals(1, helen.estimate(), 1e-12);
        assertTrue(helen.low() < 0.7 && helen.high() > 1.3, helen::toString);
    }

    /** Of the 256 patterns of signs two are as far apart as eight rises; Holm doubles that for two tokens. */
    @Test
    void pValuesAreCorrectedForAllTokens() {
        assertEquals(2 * 2 / 256.0, COMPARISON.row(THE).pValue(), 1e-12);
        assertEquals(1, COMPARISON.row(HELEN).pValue(), 1e-12);
        assertEquals(1, COMPARISON.significant(0.05));
        assertEquals(COMPARISON.row(THE).pValue(), COMPARISON.only(List.of(THE)).rows().get(0).pValue());
    }

    @Test
    void theTableAndTheFiguresShowTheTokensInTheirOrder() {
        assertTrue(COMPARISON.table().markdown().contains(
                "| ' the' | stopword | 4.50 | 9.00 | 2.00 | [2.00, 2.00] | 0.016 |"), COMPARISON.table()::markdown);
        TokenComparison turned = COMPARISON.only(List.of(HELEN, THE));
        assertEquals(List.of("' Helen'", "' the'"), turned.ratios("t").conditions());
        DotFigure figure = turned.figure("t", "before", "after");
        assertEquals(List.of("before", "after"), figure.series(Figure.Source.THIS_RUN));
        assertEquals(4, figure.points().size());
    }
}
