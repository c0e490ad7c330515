package superweight.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import superweight.InvalidInputException;
import superweight.Progress;
import superweight.checkpoint.RandomLlama;
import superweight.model.CausalLM;
import superweight.model.Coordinate;
import superweight.model.Intervention;

class NextTokenDistributionTest {
    private static final RandomLlama TINY = RandomLlama.small();
    private static final CausalLM MODEL = TINY.load();
    private static final int VOCAB = TINY.config().vocabSize();
    private static final Condition SCALED =
            new Condition("scaled", List.of(Intervention.scale(new Coordinate(1, 2, 3), 5)));

    @AfterAll
    static void close() {
        MODEL.close();
    }

    /** 300 prompts are more than one block of rows. */
    @Test
    void isTheMeanOfThePromptsOwnDistributions() {
        Random random = new Random(1);
        List<int[]> prompts = IntStream.range(0, 300)
                .mapToObj(i -> random.ints(1 + i % 9, 0, VOCAB).toArray())
                .toList();
        double[] expected = new double[VOCAB];
        for (int[] prompt : prompts) {
            for (NextToken token : NextToken.top(MODEL, prompt, SCALED.interventions(), VOCAB)) {
                expected[token.id()] += token.probability() / 300.0;
            }
        }
        double[] actual = NextTokenDistribution.mean(MODEL, prompts, SCALED, Progress.NONE);
        assertEquals(VOCAB, actual.length);
        assertEquals(1, Arrays.stream(actual).sum(), 1e-6);
        for (int id = 0; id < VOCAB; id++) {
            assertEquals(expected[id], actual[id], 1e-6);
        }
    }

    @Test
    void refusesAMeanOverNothing() {
        assertThrows(InvalidInputException.class, () -> mean(List.of(), Condition.ORIGINAL));
        assertThrows(InvalidInputException.class, () -> mean(List.of(new int[] {1}, new int[0]), Condition.ORIGINAL));
    }

    @Test
    void aModelDrivenOutOfFloat32HasNoDistribution() {
        Intervention huge = Intervention.scale(new Coordinate(1, 2, 3), 3e38);
        Condition broken = new Condition("broken", Collections.nCopies(2, huge));
        assertThrows(ArithmeticException.class, () -> mean(List.of(new int[] {1, 2}), broken));
    }

    private static double[] mean(List<int[]> prompts, Condition condition) {
        return NextTokenDistribution.mean(MODEL, prompts, condition, Progress.NONE);
    }
}
