package superweight.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import superweight.TestModel;
import superweight.checkpoint.Checkpoints;
import superweight.golden.Golden.NextTokens;
import superweight.golden.Golden.TopToken;
import superweight.measure.EvaluationText;
import superweight.measure.NextToken;
import superweight.model.ActivationReader;
import superweight.model.CausalLM;
import superweight.model.KernelChoice;
import superweight.model.Residence;
import superweight.model.LinearLayer;
import superweight.model.Tokenizer.Bos;

/** The embedded model gives the same with the reference kernels; {@link ParityTest} is about the fused ones. */
class KernelParityTest {
    private static final int WINDOW = 1024;
    private static final int ROWS = 128;
    private static final CausalLM REFERENCE =
            CausalLM.load(
                    Checkpoints.open(Checkpoints.DEFAULT_MODEL), Residence.MEMORY, KernelChoice.REFERENCE);

    @AfterAll
    static void close() {
        REFERENCE.close();
    }

    @Test
    void theLogitsOfAWindowDifferByLessThan5e4() {
        int[] ids = Arrays.copyOf(REFERENCE.tokenizer().encode(EvaluationText.bundled().text()), WINDOW);
        try (NDManager expectedScope = REFERENCE.newScope(); NDManager scope = TestModel.smollm2().newScope()) {
            NDArray expected = hidden(REFERENCE, ids, expectedScope);
            NDArray actual = hidden(TestModel.smollm2(), ids, scope);
            double largest = 0;
            for (int from = 0; from < WINDOW; from += ROWS) {
                float[] expectedLogits = logits(REFERENCE, expected, from);
                float[] actualLogits = logits(TestModel.smollm2(), actual, from);
                for (int i = 0; i < expectedLogits.length; i++) {
                    largest = Math.max(largest, difference(expectedLogits[i], actualLogits[i]));
                }
            }
            System.out.println("largest difference of a logit: " + largest);
            assertTrue(largest < 5e-4, "largest difference of a logit: " + largest);
            // The other model has the kernels that the environment asks for; only the reference's own are equal to it.
            assertEquals(KernelChoice.here() == KernelChoice.REFERENCE, largest == 0, "the kernels are the same");
        }
    }

    @Test
    void theWeightsAreEqualToTheBit() {
        for (LinearLayer matrix : LinearLayer.values()) {
            float[] expected = REFERENCE.weight(11, matrix);
            assertTrue(Arrays.equals(expected, TestModel.smollm2().weight(11, matrix)), matrix.weightName(11));
            int columns = matrix.inFeatures(REFERENCE.config());
            float[] row = Arrays.copyOfRange(expected, 5 * columns, 6 * columns);
            assertTrue(Arrays.equals(row, TestModel.smollm2().weightRow(11, matrix, 5)), matrix.weightName(11));
            assertTrue(Arrays.equals(row, REFERENCE.weightRow(11, matrix, 5)), matrix.weightName(11));
        }
    }

    @ParameterizedTest
    @MethodSource("superweight.golden.ParityTest#nextTokens")
    void nextTokenProbabilitiesAgreeWithin2e4(String condition, NextTokens expected) {
        int[] ids = REFERENCE.tokenizer().encode(expected.prompt(), Bos.AUTO);
        Map<Integer, Float> probabilities =
                NextToken.top(REFERENCE, ids, Golden.smollm2().pruned(condition), 1000).stream()
                        .collect(Collectors.toMap(NextToken::id, NextToken::probability));
        for (TopToken token : expected.top()) {
            assertEquals(token.prob(), probabilities.get(token.id()), 2e-4, token.token());
        }
    }

    /** NaN, which compares with nothing, is as far from a number as can be. */
    private static double difference(float expected, float actual) {
        double difference = Math.abs((double) expected - actual);
        return Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference;
    }

    private static NDArray hidden(CausalLM model, int[] ids, NDManager scope) {
        return model.hiddenStates(scope, List.of(ids), List.of(), ActivationReader.NONE).get(0);
    }

    /** {@code [ROWS * vocab]}. */
    private static float[] logits(CausalLM model, NDArray hidden, int from) {
        try (NDManager scope = hidden.getManager().newSubManager()) {
            NDArray rows = hidden.get(new NDIndex("{}:{}", from, from + ROWS));
            rows.attach(scope);
            return model.lmHead(scope).logits(rows).toFloatArray();
        }
    }
}
