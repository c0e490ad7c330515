package superweight.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MovedMassTest {
    private static final Vocabulary VOCABULARY = Vocabulary.of(
            List.of("the", "a", ".", "Helen", "Tom"), Stopwords.of("articles: a the\npunctuation: .\n"));

    @Test
    void whatRisesGainsAndWhatFallsLosesWithinAKindToo() {
        MovedMass moved = MovedMass.between(
                VOCABULARY, new double[] {0.1, 0.2, 0, 0.5, 0.2}, new double[] {0.4, 0.1, 0.125, 0.05, 0.325});
        assertClose(Map.of(TokenKind.STOPWORD, 0.3, TokenKind.PUNCTUATION, 0.125, TokenKind.OTHER, 0.125),
                moved.gained());
        assertClose(Map.of(TokenKind.STOPWORD, 0.1, TokenKind.PUNCTUATION, 0.0, TokenKind.OTHER, 0.45), moved.lost());
        assertEquals(0.55, moved.total(), 1e-12);
        assertEquals(0.425 / 0.55, moved.shareToStopwords(), 1e-12);
    }

    @Test
    void whereNothingMovesThereIsNoShare() {
        double[] same = {0.2, 0.2, 0.2, 0.2, 0.2};
        MovedMass moved = MovedMass.between(VOCABULARY, same, same);
        assertEquals(0, moved.total());
        assertTrue(Double.isNaN(moved.shareToStopwords()));
    }

    private static void assertClose(Map<TokenKind, Double> expected, Map<TokenKind, Double> actual) {
        expected.forEach((kind, value) -> assertEquals(value, actual.get(kind), 1e-12, kind.toString()));
    }
}
