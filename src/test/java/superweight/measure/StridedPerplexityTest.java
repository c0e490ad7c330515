package superweight.measure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import superweight.InvalidInputException;
import superweight.Progress;
import superweight.checkpoint.RandomLlama;
import superweight.measure.Continuation.Tokenized;
import superweight.model.CausalLM;
import superweight.model.Coordinate;
import superweight.model.Intervention;

class StridedPerplexityTest {
    private static final CausalLM MODEL = RandomLlama.small().load();
    private static final Condition SCALED =
            new Condition("scaled", List.of(Intervention.scale(new Coordinate(1, 2, 3), 5)));

    @AfterAll
    static void close() {
        MODEL.close();
    }

    @Test
    void theBlogsWindowsAreFiftyNineAndScore31743Tokens() {
        List<Tokenized> windows = StridedPerplexity.windows(new int[300_000], 2048, 512, 30_000);
        assertEquals(59, windows.size());
        assertEquals(31_743, StridedPerplexity.scored(windows));
        assertEquals(2047, windows.get(0).scored());
        windows.stream().skip(1).forEach(window -> assertEquals(512, window.scored()));
        windows.forEach(window -> assertEquals(2048, window.ids().length));
    }

    /** As the scripts' loops have it, whatever the text's length. */
    @ParameterizedTest
    @CsvSource({
        "100, 16, 4, 100", "101, 16, 4, 40", "99, 16, 16, 99", "97, 16, 16, 97", "12, 16, 4, 12", "40, 7, 3, 11"})
    void everyTokenIsScoredOnceAndInOrder(int length, int window, int stride, int begins) {
        int[] ids = IntStream.range(0, length).toArray();
        List<Tokenized> windows = StridedPerplexity.windows(ids, window, stride, begins);
        int[] scored = windows.stream().flatMapToInt(each -> Arrays.stream(each.targets())).toArray();
        int last = windows.get(windows.size() - 1).ids()[windows.get(windows.size() - 1).ids().length - 1];
        int[] expected = stride == window // then nothing comes before a window's first token
                ? IntStream.rangeClosed(1, last).filter(i -> i % window > 0).toArray()
                : IntStream.rangeClosed(1, last).toArray();
        assertArrayEquals(expected, scored);
        windows.forEach(each -> assertEquals(0, each.ids()[0] % stride));
    }

    @Test
    void whatCannotBeCutIsRefused() {
        for (Runnable wrong : List.<Runnable>of(
                () -> StridedPerplexity.windows(new int[9], 1, 1, 9),
                () -> StridedPerplexity.windows(new int[9], 4, 0, 9),
                () -> StridedPerplexity.windows(new int[9], 4, 5, 9),
                () -> StridedPerplexity.windows(new int[1], 4, 2, 9))) {
            assertThrows(InvalidInputException.class, wrong::run);
        }
    }

    @Test
    void aWindowsLossIsTheMeanOverWhatItScoresAndWindowsWeighTheSame() {
        int[] ids = new Random(5).ints(60, 0, MODEL.config().vocabSize()).toArray();
        List<Tokenized> windows = StridedPerplexity.windows(ids, 20, 8, 60);
        List<StridedPerplexity> measured = StridedPerplexity.measureAll(
                MODEL, windows, List.of(Condition.ORIGINAL, SCALED), Progress.NONE);
        for (Condition condition : List.of(Condition.ORIGINAL, SCALED)) {
            double sum = 0;
            StridedPerplexity found = measured.get(condition == SCALED ? 1 : 0);
            for (int i = 0; i < windows.size(); i++) {
                int scored = windows.get(i).scored();
                double nll = windowNll(windows.get(i), condition);
                assertEquals(nll / scored, found.nll()[i], 1e-5);
                sum += nll / scored;
            }
            assertEquals(Math.exp(sum / windows.size()), found.value(), 1e-3);
        }
    }

    /** Of the whole window less that of its beginning, by the measurement of windows that do not overlap. */
    private static double windowNll(Tokenized window, Condition condition) {
        int[] ids = window.ids();
        return total(ids, condition) - total(Arrays.copyOf(ids, ids.length - window.scored()), condition);
    }

    private static double total(int[] ids, Condition condition) {
        return ids.length < 2 ? 0 : (ids.length - 1)
                * Perplexity.measure(MODEL, List.of(ids), condition, Progress.NONE).meanNll();
    }
}
