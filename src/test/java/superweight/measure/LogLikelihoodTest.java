package superweight.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import superweight.Progress;
import superweight.checkpoint.RandomLlama;
import superweight.model.CausalLM;
import superweight.model.Coordinate;
import superweight.model.Intervention;
import superweight.model.ReferenceForward;

class LogLikelihoodTest {
    private static final RandomLlama TINY = RandomLlama.small();
    private static final CausalLM MODEL = TINY.load();
    private static final Condition SCALED =
            new Condition("scaled", List.of(Intervention.scale(new Coordinate(1, 2, 3), 5)));

    @AfterAll
    static void close() {
        MODEL.close();
    }

    @Test
    void isTheSumOfTheDefinitionsLogProbabilities() {
        List<Continuation.Tokenized> continuations = List.of(
                continuation(2, 1, 1), continuation(9, 3, 2), continuation(30, 29, 3), continuation(12, 1, 4));
        List<LogLikelihood> measured = measure(continuations, Condition.ORIGINAL);
        for (int i = 0; i < continuations.size(); i++) {
            assertEquals(expected(continuations.get(i)).sum(), measured.get(i).sum(), 1e-4);
            assertEquals(expected(continuations.get(i)).greedy(), measured.get(i).greedy());
        }
    }

    @Test
    void theGreedyContinuationIsGreedyAndOneWithAnotherTokenIsNot() {
        int[] prompt = {5, 9, 2, 30};
        int[] ids = prompt;
        for (int i = 0; i < 3; i++) {
            int next = NextToken.top(MODEL, ids, SCALED.interventions(), 1).get(0).id();
            ids = IntStream.concat(Arrays.stream(ids), IntStream.of(next)).toArray();
        }
        assertTrue(measure(List.of(new Continuation.Tokenized(ids, 3)), SCALED).get(0).greedy());
        for (int changed = prompt.length; changed < ids.length; changed++) {
            int[] other = ids.clone();
            other[changed] = (other[changed] + 1) % TINY.config().vocabSize();
            assertTrue(!measure(List.of(new Continuation.Tokenized(other, 3)), SCALED).get(0).greedy());
        }
    }

    /**
     * Room is made for as many hidden states as there are conditions, though equal ones share theirs; the 54 sequences
     * of 511 tokens that there is room for have more than two blocks of scored positions.
     */
    @Test
    void moreThanFitsOneBatchGivesWhatEachGivesAlone() {
        List<Continuation.Tokenized> many = new ArrayList<>();
        for (int i = 0; i < 66; i++) {
            many.add(continuation(512, 10, i));
        }
        List<Condition> conditions = Collections.nCopies(25, SCALED);
        assertEquals(2, Batches.of(MODEL, many, each -> each.ids().length - 1, conditions.size()).size());
        List<List<LogLikelihood>> together = LogLikelihood.measureAll(
                        MODEL, many.stream().map(List::of).toList(), conditions, Progress.NONE)
                .get(24);
        assertEquals(66, together.size());
        for (int i : new int[] {0, 1, 25, 26, 53, 54, 63, 64, 65}) {
            LogLikelihood alone = measure(many.subList(i, i + 1), SCALED).get(0);
            assertEquals(alone.sum(), together.get(i).get(0).sum(), 1e-4);
            assertEquals(alone.greedy(), together.get(i).get(0).greedy());
        }
    }

    @Test
    void progressNeverGoesBackAndEndsAtOne() {
        List<Double> fractions = new ArrayList<>();
        LogLikelihood.measure(
                MODEL,
                IntStream.range(0, 70).mapToObj(i -> continuation(512, 1, i)).toList(),
                Condition.ORIGINAL,
                (fraction, what) -> fractions.add(fraction));
        List<Double> sorted = new ArrayList<>(fractions);
        Collections.sort(sorted);
        assertEquals(sorted, fractions);
        assertTrue(fractions.get(0) > 0);
        assertEquals(1, fractions.get(fractions.size() - 1), 1e-12);
    }

    @Test
    void aModelDrivenOutOfFloat32HasNoLikelihood() {
        Intervention huge = Intervention.scale(new Coordinate(1, 2, 3), 3e38);
        Condition broken = new Condition("broken", List.of(huge, huge));
        String message = assertThrows(
                ArithmeticException.class, () -> measure(List.of(continuation(9, 2, 1)), broken)).getMessage();
        assertTrue(message.startsWith("The model's log-likelihood is not a finite number"), message);
    }

    private static LogLikelihood expected(Continuation.Tokenized continuation) {
        int[] ids = continuation.ids();
        double[][] logits = ReferenceForward.logits(TINY, ids);
        double sum = 0;
        boolean greedy = true;
        for (int t = ids.length - continuation.scored(); t < ids.length; t++) {
            double[] scores = logits[t - 1];
            double total = Arrays.stream(scores).map(Math::exp).sum();
            sum += scores[ids[t]] - Math.log(total);
            greedy &= scores[ids[t]] == Arrays.stream(scores).max().orElseThrow();
        }
        return new LogLikelihood(sum, greedy);
    }

    private static List<LogLikelihood> measure(List<Continuation.Tokenized> continuations, Condition condition) {
        return LogLikelihood.measure(MODEL, continuations, condition, Progress.NONE);
    }

    private static Continuation.Tokenized continuation(int length, int scored, long seed) {
        return new Continuation.Tokenized(
                new Random(seed).ints(length, 0, TINY.config().vocabSize()).toArray(), scored);
    }
}
