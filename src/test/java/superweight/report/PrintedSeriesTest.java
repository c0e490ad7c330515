package superweight.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PrintedSeriesTest {
    private static final Path FIGURE_3 = Checkout.current().printed("figure-3");

    @Test
    void theFigureOfThePaperHasItsSpikesWhereTheTextHasThem() {
        PrintedSeries input = PrintedSeries.read(FIGURE_3, "down_proj input");
        PrintedSeries output = PrintedSeries.read(FIGURE_3, "down_proj output");
        assertEquals("huggyllama/llama-7b", output.model());
        assertEquals(32, output.y().size());
        assertEquals(-560.5, input.y().get(2));
        assertEquals(1313, output.y().get(2));
        assertEquals(1474, output.magnitudes()[30]);
    }

    @Test
    void refusesACurveThatTheFigureDoesNotHave() {
        assertThrows(IllegalArgumentException.class, () -> PrintedSeries.read(FIGURE_3, "other"));
    }
}
