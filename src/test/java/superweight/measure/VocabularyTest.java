package superweight.measure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VocabularyTest {
    private static final Vocabulary VOCABULARY =
            new Vocabulary(List.of("the", " the", "The", "\n", "\uFFFD", " cold"));

    @Test
    void severalTokensMayReadAsOneWord() {
        assertArrayEquals(new int[] {0, 1, 2}, VOCABULARY.reading("the"));
        assertArrayEquals(new int[] {5}, VOCABULARY.reading("cold"));
        assertArrayEquals(new int[0], VOCABULARY.reading("warm"));
    }

    @Test
    void theLikeliestOfThemIsThatOfTheHighestProbability() {
        double[] probabilities = {0.1, 0.3, 0.2, 0.4, 0, 0};
        assertEquals(Optional.of(1), VOCABULARY.likeliest("the", probabilities));
        assertEquals(Optional.empty(), VOCABULARY.likeliest("warm", probabilities));
    }

    @Test
    void theTopTokensComeHighestFirstAndEqualsByTheirIds() {
        double[] probabilities = {0.1, 0.3, 0.2, 0.3, 0, 0.1};
        assertArrayEquals(new int[] {1, 3, 2, 0}, Vocabulary.top(probabilities, 4));
        assertEquals(6, Vocabulary.top(probabilities, 100).length);
    }

    @Test
    void aTokenIsShownWithItsBlankAndItsLineBreaks() {
        assertEquals("' the'", VOCABULARY.quoted(1));
        assertEquals("'\\n'", VOCABULARY.quoted(3));
        assertEquals("token 4", VOCABULARY.quoted(4));
    }
}
