package superweight.measure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import superweight.InvalidInputException;
import superweight.Progress;
import superweight.checkpoint.RandomLlama;
import superweight.measure.Accuracy.Outcome;
import superweight.measure.TaskItem.Cloze;
import superweight.measure.TaskItem.MultipleChoice;
import superweight.model.CausalLM;
import superweight.model.Coordinate;
import superweight.model.Intervention;
import superweight.model.Tokenizer.Bos;

class AccuracyTest {
    private static final CausalLM MODEL = RandomLlama.small().load();
    private static final Condition SCALED =
            new Condition("scaled", List.of(Intervention.scale(new Coordinate(0, 2, 3), 9)));
    private static final List<TaskItem> ITEMS = List.of(
            choices(0, "the man", " ran", " and the land", " a"),
            choices(2, "a thin band", " ran", " then", "."),
            new Cloze(new Continuation("the hand and", " a")),
            choices(1, "an other lap", " a", " e"));

    @AfterAll
    static void close() {
        MODEL.close();
    }

    @Test
    void theLikeliestChoiceIsTheAnswerWhateverItsLength() {
        MultipleChoice item = choices(1, "c", "a", "b", "c");
        assertTrue(item.isRight(scores(-9, -3, -4)));
        assertTrue(!item.isRight(scores(-9, -3, -2)));
    }

    @Test
    void theFirstChoiceWinsATie() {
        assertEquals(0, MultipleChoice.choice(scores(-3, -3, -3)));
        assertEquals(1, MultipleChoice.choice(scores(-4, -3, -3)));
        assertEquals(2, MultipleChoice.choice(scores(-4, -3, -2)));
    }

    @Test
    void aClozeIsRightWhenTheGreedyContinuationBeginsWithIt() {
        Cloze item = new Cloze(new Continuation("a", "b"));
        assertTrue(item.isRight(List.of(new LogLikelihood(-9, true))));
        assertTrue(!item.isRight(List.of(new LogLikelihood(-0.1, false))));
    }

    /** The values 0, 1, 1 have mean 2/3 and sample variance 1/3. */
    @Test
    void isTheMeanWithItsStandardErrorFromTheSampleVariance() {
        Accuracy accuracy = new Accuracy(outcomes(false, true, true));
        assertEquals(3, accuracy.items());
        assertEquals(2.0 / 3, accuracy.value(), 1e-15);
        assertEquals(1.0 / 3, accuracy.standardError().getAsDouble(), 1e-15);
        assertEquals(OptionalDouble.of(0), new Accuracy(outcomes(true, true)).standardError());
        assertEquals(OptionalDouble.of(0.5), new Accuracy(outcomes(true, false)).standardError());
    }

    @Test
    void oneItemHasNoStandardError() {
        Accuracy one = new Accuracy(outcomes(true));
        assertEquals(1, one.value());
        assertEquals(OptionalDouble.empty(), one.standardError());
    }

    @Test
    void refusesAnAccuracyOverNothing() {
        assertThrows(InvalidInputException.class, () -> new Accuracy(List.of()));
        assertThrows(InvalidInputException.class, () -> measure(List.of(), SCALED));
    }

    @Test
    void everyItemsScoresAndOutcomeAreKeptInOrder() {
        Accuracy measured = measure(ITEMS, SCALED);
        assertEquals(ITEMS.size(), measured.items());
        for (int i = 0; i < ITEMS.size(); i++) {
            TaskItem item = ITEMS.get(i);
            List<LogLikelihood> expected = LogLikelihood.measure(
                    MODEL,
                    item.continuations().stream()
                            .map(each -> each.tokenized(MODEL.tokenizer(), Bos.NO, 512))
                            .toList(),
                    SCALED,
                    Progress.NONE);
            Outcome outcome = measured.outcomes().get(i);
            assertEquals(expected.size(), outcome.scores().size());
            for (int choice = 0; choice < expected.size(); choice++) {
                assertEquals(expected.get(choice).sum(), outcome.scores().get(choice).sum(), 1e-5);
            }
            assertEquals(item.isRight(expected), outcome.right());
        }
    }

    @Test
    void severalConditionsGiveWhatEachGivesAlone() {
        List<Accuracy> together = Accuracy.measureAll(
                MODEL, ITEMS, List.of(SCALED, Condition.ORIGINAL, SCALED), Bos.NO, Progress.NONE);
        Accuracy original = measure(ITEMS, Condition.ORIGINAL);
        Accuracy scaled = measure(ITEMS, SCALED);
        List<Accuracy> alone = List.of(scaled, original, scaled);
        for (int i = 0; i < alone.size(); i++) {
            assertArrayEquals(sums(alone.get(i)), sums(together.get(i)), 1e-4);
            assertEquals(right(alone.get(i)), right(together.get(i)));
        }
        assertNotEquals(original, scaled);
    }

    private static double[] sums(Accuracy measured) {
        return measured.outcomes().stream()
                .flatMap(outcome -> outcome.scores().stream())
                .mapToDouble(LogLikelihood::sum)
                .toArray();
    }

    private static List<Boolean> right(Accuracy measured) {
        return measured.outcomes().stream().map(Outcome::right).toList();
    }

    /** Rounding depends on a row's place in a product; it must not decide between equals. */
    @Test
    void choicesThatReadTheSameTieExactly() {
        String text = " and the land";
        List<LogLikelihood> scores = measure(List.of(choices(1, "the man", text, text, text)), SCALED)
                .outcomes().get(0).scores();
        assertEquals(1, Set.copyOf(scores).size());
    }

    @Test
    void theTokenThatBeginsASequenceIsReadWhereItIsAskedFor() {
        Accuracy with = Accuracy.measure(MODEL, ITEMS, SCALED, Bos.YES, Progress.NONE);
        assertNotEquals(measure(ITEMS, SCALED), with);
        assertEquals(measure(ITEMS, SCALED), Accuracy.measure(MODEL, ITEMS, SCALED, Bos.AUTO, Progress.NONE));
    }

    @Test
    void progressNeverGoesBackAndEndsAtOne() {
        List<Double> fractions = new ArrayList<>();
        Accuracy.measureAll(MODEL, ITEMS, List.of(SCALED, Condition.ORIGINAL), Bos.NO,
                (fraction, what) -> fractions.add(fraction));
        List<Double> sorted = new ArrayList<>(fractions);
        Collections.sort(sorted);
        assertEquals(sorted, fractions);
        assertEquals(1, fractions.get(fractions.size() - 1), 1e-12);
    }

    private static Accuracy measure(List<TaskItem> items, Condition condition) {
        return Accuracy.measure(MODEL, items, condition, Bos.NO, Progress.NONE);
    }

    private static MultipleChoice choices(int gold, String context, String... texts) {
        return new MultipleChoice(
                Stream.of(texts).map(text -> new Continuation(context, text)).toList(), gold);
    }

    private static List<LogLikelihood> scores(double... sums) {
        return Arrays.stream(sums).mapToObj(sum -> new LogLikelihood(sum, false)).toList();
    }

    private static List<Outcome> outcomes(Boolean... right) {
        return Stream.of(right).map(each -> new Outcome(scores(-1), each)).toList();
    }
}
