package superweight.measure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VocabularyTest {
    private static final Vocabulary VOCABULARY = Vocabulary.of(
            List.of("the", " the", "The", "\n", "\uFFFD", " cold"), Stopwords.of("articles: the\n"));

    @Test
    void severalTokensMayReadAsOneWord() {
        assertEquals(List.of(0, 1, 2), ids(VOCABULARY.reading("the")));
        assertEquals(List.of(5), ids(VOCABULARY.reading("cold")));
        assertEquals(List.of(), ids(VOCABULARY.reading("warm")));
    }

    @Test
    void theLikeliestOfThemIsThatOfTheHighestProbability() {
        double[] probabilities = {0.1, 0.3, 0.2, 0.15, 0.05, 0.2};
        assertEquals(Optional.of(1), VOCABULARY.likeliest("the", probabilities).map(Token::id));
        assertEquals(Optional.of(5), VOCABULARY.likeliest(TokenKind.OTHER, probabilities).map(Token::id));
        assertEquals(Optional.empty(), VOCABULARY.likeliest("warm", probabilities));
        assertEquals(Optional.empty(), VOCABULARY.likeliest(TokenKind.PUNCTUATION, probabilities));
    }

    @Test
    void theTopTokensComeHighestFirstAndEqualsByTheirIds() {
        double[] probabilities = {0.1, 0.3, 0.2, 0.3, 0, 0.1};
        assertEquals(List.of(1, 3, 2, 0), ids(VOCABULARY.top(probabilities, 4)));
        assertEquals(6, VOCABULARY.top(probabilities, 100).size());
    }

    @Test
    void everyTokenIsOfOneKind() {
        assertArrayEquals(new int[] {0, 1, 2}, VOCABULARY.ids(TokenKind.STOPWORD));
        assertArrayEquals(new int[] {}, VOCABULARY.ids(TokenKind.PUNCTUATION));
        assertArrayEquals(new int[] {3, 4, 5}, VOCABULARY.ids(TokenKind.OTHER));
    }

    @Test
    void aTokenIsShownWithItsBlankAndItsLineBreaks() {
        assertEquals("' the'", VOCABULARY.tokens().get(1).quoted());
        assertEquals("'\\n'", VOCABULARY.tokens().get(3).quoted());
        assertEquals("token 4", VOCABULARY.tokens().get(4).quoted());
    }

    private static List<Integer> ids(List<Token> tokens) {
        return tokens.stream().map(Token::id).toList();
    }
}
