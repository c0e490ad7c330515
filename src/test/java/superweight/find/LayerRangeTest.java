package superweight.find;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import superweight.InvalidInputException;
import superweight.checkpoint.ModelConfig;
import superweight.checkpoint.RandomLlama;

class LayerRangeTest {
    private static final ModelConfig THREE_LAYERS = RandomLlama.small().config();

    @Test
    void bothEndsAreIncluded() {
        LayerRange range = LayerRange.parse("2..4");
        assertEquals(new LayerRange(2, 4), range);
        assertFalse(range.contains(1));
        assertTrue(range.contains(2));
        assertTrue(range.contains(4));
        assertFalse(range.contains(5));
    }

    @Test
    void oneLayerIsARangeAndSoAreAllOfAModel() {
        assertEquals(new LayerRange(0, 0), LayerRange.parse("0..0"));
        assertEquals(new LayerRange(3, 3), LayerRange.parse("3"));
        assertEquals(new LayerRange(0, 2), LayerRange.all(THREE_LAYERS));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "three", "..", "1..", "..2", "1.2", "1...2", "1-2", "1,2", "-1..2", "1..-2", " 1..2", "1..2 ", "1..2\n",
        "a..b", "1..2..3", "0x1..2", "1.0..2", "+1..2", "1..1234567890", "99999999999..99999999999", "\u0661..\u0662"
    })
    void anythingThatIsNoRangeIsRefused(String text) {
        assertRefused(
                "The layers '" + text
                        + "' are not of the form first..last (whole numbers, such as 0..7, or 3 for one layer).",
                () -> LayerRange.parse(text));
    }

    @Test
    void aLastLayerBeforeTheFirstIsRefused() {
        String sentence = " must run from a first to a last that is not before it.";
        assertRefused("The layers 4..3" + sentence, () -> LayerRange.parse("4..3"));
        assertRefused("The layers -1..3" + sentence, () -> new LayerRange(-1, 3));
    }

    @Test
    void layersThatTheModelDoesNotHaveAreRefused() {
        LayerRange fits = new LayerRange(1, 2);
        assertEquals(fits, fits.of(THREE_LAYERS));
        assertRefused(
                "There is no layer 3: this model's run from 0 to 2.",
                () -> new LayerRange(1, 3).of(THREE_LAYERS));
        assertRefused(
                "There is no layer 999999999: this model's run from 0 to 2.",
                () -> LayerRange.parse("7..999999999").of(THREE_LAYERS));
    }

    private static void assertRefused(String sentence, Executable refused) {
        assertEquals(sentence, assertThrows(InvalidInputException.class, refused).getMessage());
    }
}
