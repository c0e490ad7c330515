package superweight.measure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import superweight.InvalidInputException;
import superweight.Progress;
import superweight.checkpoint.RandomLlama;
import superweight.model.CausalLM;
import superweight.model.Coordinate;
import superweight.model.Intervention;
import superweight.model.ReferenceForward;

class PerplexityTest {
    private static final RandomLlama TINY = RandomLlama.small();
    private static final CausalLM MODEL = TINY.load();

    @AfterAll
    static void close() {
        MODEL.close();
    }

    @Test
    void cutsATextIntoWindowsAndDropsTheRemainder() {
        List<int[]> windows = Perplexity.windows(IntStream.range(0, 11).toArray(), 4);
        assertEquals(2, windows.size());
        assertArrayEquals(new int[] {0, 1, 2, 3}, windows.get(0));
        assertArrayEquals(new int[] {4, 5, 6, 7}, windows.get(1));
        assertEquals(1, Perplexity.windows(new int[2], 2).size());
        assertEquals(3, Perplexity.windows(new int[12], 4).size());
    }

    @Test
    void refusesATextShorterThanAWindow() {
        String message = assertThrows(
                InvalidInputException.class, () -> Perplexity.windows(new int[7], 8)).getMessage();
        assertEquals("The text has 7 tokens, which is less than one window of 8.", message);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 0, -4})
    void refusesAWindowInWhichNothingIsPredicted(int window) {
        assertThrows(InvalidInputException.class, () -> Perplexity.windows(new int[7], window));
    }

    @Test
    void isTheExponentialOfTheMeanOverWindows() {
        Perplexity perplexity = new Perplexity(5, List.of(1.0, 2.0, 4.5));
        assertEquals(2.5, perplexity.meanNll());
        assertEquals(Math.exp(2.5), perplexity.value());
        assertEquals(3, perplexity.windows());
        assertEquals(12, perplexity.tokens());
        assertArrayEquals(new double[] {1, 2, 4.5}, perplexity.nll());
    }

    /** 257 scores exactly one block of logits, 258 and 600 more. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 31, 257, 258, 600})
    void theLossIsTheLogSoftmaxOfTheDefinitionsLogits(int length) {
        List<int[]> windows = random(2, length);
        Perplexity measured = Perplexity.measure(MODEL, windows, Condition.ORIGINAL, Progress.NONE);
        assertEquals(length, measured.window());
        for (int i = 0; i < windows.size(); i++) {
            assertEquals(ReferenceForward.meanNll(TINY, windows.get(i)), measured.windowNll().get(i), 1e-5);
        }
    }

    /** Room is made for as many hidden states as there are conditions, though equal ones share theirs. */
    @Test
    void moreWindowsThanFitOneBatchGiveWhatEachGivesAlone() {
        List<int[]> windows = random(66, 512);
        Condition pruned = new Condition("pruned", List.of(Intervention.prune(new Coordinate(1, 2, 3))));
        List<Condition> conditions = Collections.nCopies(25, pruned);
        assertEquals(2, Batches.of(MODEL, windows, ids -> ids.length, conditions.size()).size());
        List<Double> together =
                Perplexity.measureAll(MODEL, windows, conditions, Progress.NONE).get(24).windowNll();
        assertEquals(66, together.size());
        for (int i : new int[] {0, 1, 53, 54, 64, 65}) {
            List<int[]> alone = List.of(windows.get(i));
            assertEquals(
                    Perplexity.measure(MODEL, alone, pruned, Progress.NONE).windowNll(), together.subList(i, i + 1));
        }
    }

    @Test
    void severalConditionsGiveWhatEachGivesAlone() {
        List<int[]> windows = random(3, 20);
        Condition pruned = new Condition("pruned", List.of(Intervention.scale(new Coordinate(0, 2, 3), 9)));
        List<Perplexity> together = Perplexity.measureAll(
                MODEL, windows, List.of(pruned, Condition.ORIGINAL, pruned), Progress.NONE);
        Perplexity original = Perplexity.measure(MODEL, windows, Condition.ORIGINAL, Progress.NONE);
        Perplexity changed = Perplexity.measure(MODEL, windows, pruned, Progress.NONE);
        assertEquals(List.of(changed, original, changed), together);
        assertTrue(!changed.equals(original));
    }

    @Test
    void refusesWindowsOfSeveralLengthsAndNone() {
        assertRefused("windows of one length, but these have 2 lengths", List.of(new int[5], new int[6]));
        assertRefused("windows of one length, but these have 0 lengths", List.of());
    }

    private static void assertRefused(String part, List<int[]> windows) {
        String message = assertThrows(
                InvalidInputException.class,
                () -> Perplexity.measure(MODEL, windows, Condition.ORIGINAL, Progress.NONE)).getMessage();
        assertTrue(message.contains(part), message);
    }

    /** Room for 1,398 windows of 500 tokens is less than 1,500 conditions may take. */
    @Test
    void conditionsInSeveralGroupsGiveWhatTheyGiveInOne() {
        int length = 500;
        List<int[]> windows = random(2, length);
        List<Condition> few = List.of(
                Condition.ORIGINAL,
                new Condition("scaled", List.of(Intervention.scale(new Coordinate(0, 2, 3), 9))));
        List<Condition> many = new ArrayList<>(Collections.nCopies(1500, Condition.ORIGINAL));
        many.set(1499, few.get(1));
        assertTrue(Batches.ofConditions(MODEL, many, length).size() > 1);
        List<Perplexity> measured = Perplexity.measureAll(MODEL, windows, many, Progress.NONE);
        assertEquals(1500, measured.size());
        List<Perplexity> expected = Perplexity.measureAll(MODEL, windows, few, Progress.NONE);
        assertEquals(expected.get(0).meanNll(), measured.get(0).meanNll(), 1e-6);
        assertEquals(expected.get(0).meanNll(), measured.get(1498).meanNll(), 1e-6);
        assertEquals(expected.get(1).meanNll(), measured.get(1499).meanNll(), 1e-6);
    }

    @Test
    void progressNeverGoesBackAndEndsAtOne() {
        List<Double> fractions = new ArrayList<>();
        Perplexity.measureAll(MODEL, random(3, 9), List.of(Condition.ORIGINAL, Condition.ORIGINAL),
                (fraction, what) -> fractions.add(fraction));
        List<Double> sorted = new ArrayList<>(fractions);
        Collections.sort(sorted);
        assertEquals(sorted, fractions);
        assertTrue(fractions.size() >= 6); // each layer and each loss is told
        assertTrue(fractions.get(0) > 0);
        assertEquals(1, fractions.get(fractions.size() - 1), 1e-12);
    }

    @Test
    void aModelDrivenOutOfFloat32HasNoPerplexity() {
        Intervention huge = Intervention.scale(new Coordinate(1, 2, 3), 3e38);
        Condition broken = new Condition("broken", List.of(huge, huge));
        List<int[]> windows = random(1, 9);
        String message = assertThrows(
                ArithmeticException.class,
                () -> Perplexity.measure(MODEL, windows, broken, Progress.NONE).requireFinite()).getMessage();
        assertTrue(message.startsWith("The model's loss is not a finite number"), message);
    }

    private static List<int[]> random(int count, int length) {
        Random random = new Random(count);
        return IntStream.range(0, count)
                .mapToObj(i -> random.ints(length, 0, TINY.config().vocabSize()).toArray())
                .toList();
    }
}
