package superweight.find;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import superweight.InvalidInputException;
import superweight.Progress;
import superweight.checkpoint.RandomLlama;
import superweight.measure.EvaluationText;
import superweight.model.CausalLM;
import superweight.model.Coordinate;
import superweight.model.ReferenceForward;

class PruningCostTest {
    private static final Coordinate SUPER_WEIGHT = new Coordinate(1, 4, 6);
    private static final Coordinate ANOTHER = new Coordinate(2, 0, 1);
    private static final RandomLlama PLANTED = Planted.plant(Planted.random(4, 3), SUPER_WEIGHT, 400);
    private static final CausalLM MODEL = PLANTED.load();

    @AfterAll
    static void close() {
        MODEL.close();
    }

    @Test
    void theRatioIsThatOfTheDefinition() {
        List<int[]> windows = List.of(Planted.IDS, new int[] {9, 8, 7, 6, 5, 4, 3, 2, 9, 1});
        Map<Coordinate, Double> ratios = PruningCost.perplexityRatios(
                MODEL, windows, List.of(ANOTHER, SUPER_WEIGHT), Progress.NONE);
        assertEquals(List.of(ANOTHER, SUPER_WEIGHT), List.copyOf(ratios.keySet()));
        ratios.forEach((at, ratio) -> {
            double expected = perplexity(Planted.set(PLANTED, at, 0), windows) / perplexity(PLANTED, windows);
            assertEquals(expected, ratio, 1e-4 * expected, at.toString());
        });
        assertTrue(Math.abs(ratios.get(SUPER_WEIGHT) - 1) > 10 * Math.abs(ratios.get(ANOTHER) - 1), ratios::toString);
    }

    @Test
    void nothingToPruneGivesNoRatios() {
        assertEquals(Map.of(), PruningCost.perplexityRatios(MODEL, List.of(Planted.IDS), List.of(), Progress.NONE));
    }

    @Test
    void theFirstTwoWindowsOf1024TokensAreTaken() {
        int[] ids = MODEL.tokenizer().encode("a".repeat(1500) + "b".repeat(1500));
        List<int[]> windows = PruningCost.windows(MODEL, text("a".repeat(1500) + "b".repeat(1500)));
        assertEquals(2, windows.size());
        assertArrayEquals(Arrays.copyOf(ids, 1024), windows.get(0));
        assertArrayEquals(Arrays.copyOfRange(ids, 1024, 2048), windows.get(1));
    }

    @Test
    void ofAShorterTextWhatThereIsIsTaken() {
        assertEquals(List.of(1024), lengths(text("ab".repeat(1023))));
        assertEquals(List.of(1024), lengths(text("a".repeat(1024))));
        assertEquals(List.of(1023), lengths(text("a".repeat(1023))));
        assertEquals(List.of(2), lengths(text("ab")));
        assertThrows(InvalidInputException.class, () -> PruningCost.windows(MODEL, text("a")));
        assertThrows(InvalidInputException.class, () -> PruningCost.windows(MODEL, text("")));
    }

    @Test
    void progressRunsToItsEnd() {
        List<Double> fractions = new ArrayList<>();
        PruningCost.perplexityRatios(
                MODEL, List.of(Planted.IDS), List.of(SUPER_WEIGHT), (fraction, what) -> fractions.add(fraction));
        assertEquals(fractions.stream().sorted().toList(), fractions);
        assertEquals(1, fractions.get(fractions.size() - 1), 1e-12);
    }

    private static double perplexity(RandomLlama model, List<int[]> windows) {
        return Math.exp(windows.stream()
                .mapToDouble(ids -> ReferenceForward.meanNll(model, ids))
                .average()
                .orElseThrow());
    }

    private static List<Integer> lengths(EvaluationText text) {
        return PruningCost.windows(MODEL, text).stream().map(window -> window.length).toList();
    }

    private static EvaluationText text(String text) {
        return new EvaluationText("letters", text, "");
    }
}
