package superweight.measure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
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

    /** 300 prompts are more than one block of rows. */
    private static final List<int[]> PROMPTS = prompts(300);

    private static final double[][] EXPECTED = PROMPTS.stream()
            .map(prompt -> alone(prompt, SCALED))
            .toArray(double[][]::new);

    private static final NextTokenDistribution MEASURED =
            NextTokenDistribution.measureAll(MODEL, PROMPTS, List.of(Condition.ORIGINAL, SCALED), Progress.NONE).get(1);

    @AfterAll
    static void close() {
        MODEL.close();
    }

    @Test
    void theMeanIsThatOfThePromptsOwnDistributions() {
        double[] mean = MEASURED.mean();
        assertEquals(300, MEASURED.prompts());
        assertEquals(VOCAB, mean.length);
        assertEquals(1, Arrays.stream(mean).sum(), 1e-6);
        for (int id = 0; id < VOCAB; id++) {
            int token = id;
            double expected = Arrays.stream(EXPECTED).mapToDouble(each -> each[token]).sum() / 300;
            assertEquals(expected, mean[id], 1e-6);
        }
    }

    @Test
    void chosenTokensHaveTheirProbabilityAfterEachPrompt() {
        int[] ids = {7, 0, VOCAB - 1, 7};
        double[][] chosen = MEASURED.probabilities(ids);
        assertEquals(ids.length, chosen.length);
        for (int i = 0; i < ids.length; i++) {
            for (int prompt = 0; prompt < 300; prompt++) {
                assertEquals(EXPECTED[prompt][ids[i]], chosen[i][prompt], 1e-6);
            }
        }
    }

    @Test
    void theMassOfASetIsTheSumOverItsTokensAfterEachPrompt() {
        int[] even = IntStream.range(0, VOCAB).filter(id -> id % 2 == 0).toArray();
        double[] mass = MEASURED.mass(even);
        for (int prompt = 0; prompt < 300; prompt++) {
            double[] expected = EXPECTED[prompt];
            assertEquals(Arrays.stream(even).mapToDouble(id -> expected[id]).sum(), mass[prompt], 1e-6);
        }
        double[] all = MEASURED.mass(IntStream.range(0, VOCAB).toArray());
        Arrays.stream(all).forEach(each -> assertEquals(1, each, 1e-6));
    }

    @Test
    void theEntropyIsTheDefinitionAfterEachPrompt() {
        double[] entropy = MEASURED.entropy();
        for (int prompt = 0; prompt < 300; prompt++) {
            double expected = Arrays.stream(EXPECTED[prompt]).map(p -> -p * Math.log(p)).sum();
            assertEquals(expected, entropy[prompt], 1e-4);
        }
    }

    @Test
    void noTokensHaveNoProbability() {
        assertArrayEquals(new double[300], MEASURED.mass());
        assertEquals(0, MEASURED.probabilities().length);
    }

    @Test
    void conditionsMeasuredTogetherAreThoseMeasuredAlone() {
        List<int[]> few = PROMPTS.subList(0, 5);
        Condition restored = new Condition("restored", List.of(
                Intervention.prune(new Coordinate(1, 2, 3)),
                Intervention.restoreSuperActivation(new Coordinate(1, 2, 3))));
        List<Condition> conditions = List.of(SCALED, restored, Condition.ORIGINAL);
        List<NextTokenDistribution> together =
                NextTokenDistribution.measureAll(MODEL, few, conditions, Progress.NONE);
        for (int i = 0; i < conditions.size(); i++) {
            double[] alone =
                    NextTokenDistribution.measure(MODEL, few, conditions.get(i), Progress.NONE).mean();
            assertArrayEquals(alone, together.get(i).mean(), 1e-6);
        }
    }

    @Test
    void refusesAMeanOverNothing() {
        assertThrows(InvalidInputException.class, () -> measure(List.of(), Condition.ORIGINAL));
        assertThrows(InvalidInputException.class, () -> measure(List.of(new int[] {1}, new int[0]), Condition.ORIGINAL));
    }

    @Test
    void aModelDrivenOutOfFloat32HasNoDistribution() {
        Intervention huge = Intervention.scale(new Coordinate(1, 2, 3), 3e38);
        Condition broken = new Condition("broken", Collections.nCopies(2, huge));
        NextTokenDistribution measured = measure(List.of(new int[] {1, 2}), broken);
        assertThrows(ArithmeticException.class, measured::mean);
        assertThrows(ArithmeticException.class, () -> measured.probabilities(3));
        assertThrows(ArithmeticException.class, () -> measured.mass(3));
        assertThrows(ArithmeticException.class, measured::entropy);
    }

    private static NextTokenDistribution measure(List<int[]> prompts, Condition condition) {
        return NextTokenDistribution.measure(MODEL, prompts, condition, Progress.NONE);
    }

    private static double[] alone(int[] prompt, Condition condition) {
        double[] probabilities = new double[VOCAB];
        NextToken.top(MODEL, prompt, condition.interventions(), VOCAB)
                .forEach(token -> probabilities[token.id()] = token.probability());
        return probabilities;
    }

    private static List<int[]> prompts(int count) {
        Random random = new Random(1);
        return IntStream.range(0, count)
                .mapToObj(i -> random.ints(1 + i % 9, 0, VOCAB).toArray())
                .toList();
    }
}
