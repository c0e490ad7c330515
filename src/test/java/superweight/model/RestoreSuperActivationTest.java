package superweight.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import superweight.InvalidInputException;
import superweight.checkpoint.RandomLlama;
import superweight.model.HookPoint.Site;

/** One activation of the original model in a model without its super weight (the paper's "Prune SW, +SA"). */
@ParameterizedClass
@EnumSource
class RestoreSuperActivationTest {
    private static final int LAYER = 1;
    private static final int ROW = 3;
    private static final int COLUMN = 5;
    private static final int WEIGHT = ROW * RandomLlama.small().config().intermediateSize() + COLUMN;
    private static final String DOWN_PROJ = LinearLayer.DOWN_PROJ.weightName(LAYER);

    /** Large enough for its row's channel to be about its product alone. */
    private static final RandomLlama ORIGINAL = RandomLlama.small().scaled(DOWN_PROJ, WEIGHT, 200);

    private static final RandomLlama PRUNED = ORIGINAL.scaled(DOWN_PROJ, WEIGHT, 0);
    private static final Coordinate AT = new Coordinate(LAYER, ROW, COLUMN);
    private static final Intervention PRUNE = Intervention.prune(AT);
    private static final Intervention RESTORE = Intervention.restoreSuperActivation(AT);

    private final CausalLM model;
    private final int[] ids;

    /** down_proj's input and output in {@link #LAYER}, for one sequence. */
    private record DownProj(float[] input, float[] output) {}

    RestoreSuperActivationTest(KernelChoice kernels) {
        model = ORIGINAL.load(kernels);
        ids = Logits.ids(model, 12, 1);
    }

    @AfterEach
    void close() {
        model.close();
    }

    @Test
    void theScoresAreThoseOfTheDefinition() {
        double[][] expected = ReferenceForward.logits(
                PRUNED, ids, List.of(new ReferenceForward.Restored(ORIGINAL, LAYER, ROW)));
        float[] actual = Logits.of(model, ids, PRUNE, RESTORE);
        float[] prunedOnly = Logits.of(model, ids, PRUNE);
        int vocab = model.config().vocabSize();
        double largestDifference = 0;
        for (int i = 0; i < actual.length; i++) {
            assertEquals(expected[i / vocab][i % vocab], actual[i], 1e-4, "score " + i);
            largestDifference = Math.max(largestDifference, Math.abs(actual[i] - prunedOnly[i]));
        }
        assertTrue(largestDifference > 0.1, "the restored activation reaches the scores");
    }

    @Test
    void theOrderOfPruningAndRestoringDoesNotMatter() {
        assertArrayEquals(Logits.of(model, ids, PRUNE, RESTORE), Logits.of(model, ids, RESTORE, PRUNE));
    }

    @Test
    void onlyOneTokensOneChannelDiffersFromPruningAlone() {
        DownProj original = downProj(List.of(ids)).get(0);
        DownProj pruned = downProj(List.of(ids), PRUNE).get(0);
        DownProj restored = downProj(List.of(ids), PRUNE, RESTORE).get(0);
        int token = largestToken(original.output);
        int at = token * model.config().hiddenSize() + ROW;
        assertEquals(original.output[at], restored.output[at], 1e-5 * Math.abs(original.output[at]));
        assertNotEquals(pruned.output[at], restored.output[at], 1);
        float[] elsewhere = restored.output.clone();
        elsewhere[at] = pruned.output[at];
        assertArrayEquals(pruned.output, elsewhere);
        assertArrayEquals(original.input, restored.input);
    }

    @Test
    void eachSequenceOfABatchGetsItsOwnActivationBack() {
        List<int[]> batch = List.of(ids, Logits.ids(model, 1, 2), Logits.ids(model, 30, 3), Logits.ids(model, 7, 4));
        List<DownProj> original = downProj(batch);
        List<DownProj> restored = downProj(batch, PRUNE, RESTORE);
        List<float[]> scores = Logits.of(model, batch, List.of(PRUNE, RESTORE));
        for (int i = 0; i < batch.size(); i++) {
            int at = largestToken(original.get(i).output) * model.config().hiddenSize() + ROW;
            float expected = original.get(i).output[at];
            assertEquals(expected, restored.get(i).output[at], 1e-5 * Math.abs(expected), "sequence " + i);
            assertArrayEquals(
                    Logits.of(model, batch.get(i), PRUNE, RESTORE), scores.get(i), 1e-5f, "sequence " + i);
        }
        assertNotEquals(largestToken(original.get(0).output), largestToken(original.get(2).output));
    }

    /** As the one product of a row and its input sums up in another order than the whole matrix does. */
    @Test
    void whereNothingIsPrunedNothingChangesButTheRounding() {
        float[] original = Logits.of(model, ids);
        assertArrayEquals(original, Logits.of(model, ids, RESTORE), 1e-4f);
    }

    @Test
    void theActivationIsWhatTheOriginalWeightsMakeOfTheInputAsItIsNow() {
        Intervention before = Intervention.scale(new Coordinate(0, 7, 2), 40);
        DownProj now = downProj(List.of(ids), before).get(0);
        DownProj restored = downProj(List.of(ids), before, PRUNE, RESTORE).get(0);
        int at = largestToken(now.output) * model.config().hiddenSize() + ROW;
        assertEquals(now.output[at], restored.output[at], 1e-5 * Math.abs(now.output[at]));
        assertNotEquals(downProj(List.of(ids)).get(0).output[at], restored.output[at], 0.01);
    }

    @Test
    void severalChannelsCanBeRestored() {
        Coordinate other = new Coordinate(LAYER, ROW + 1, COLUMN);
        DownProj original = downProj(List.of(ids)).get(0);
        DownProj restored = downProj(
                List.of(ids), PRUNE, Intervention.scale(other, -50), RESTORE,
                Intervention.restoreSuperActivation(other)).get(0);
        for (int channel : new int[] {ROW, ROW + 1}) {
            int at = largestToken(original.output, channel) * model.config().hiddenSize() + channel;
            assertEquals(original.output[at], restored.output[at], 1e-5 * Math.abs(original.output[at]));
        }
    }

    @Test
    void itChangesNoWeight() {
        assertEquals(0, RESTORE.weights());
        assertEquals(LAYER, RESTORE.layer());
        Logits.of(model, ids, PRUNE, RESTORE);
        assertArrayEquals(ORIGINAL.weights().get(DOWN_PROJ), model.weight(LAYER, LinearLayer.DOWN_PROJ));
    }

    @ParameterizedTest
    @MethodSource
    void refusesAPlaceThatTheModelDoesNotHave(Coordinate at, String sentence) {
        String message = assertThrows(
                        InvalidInputException.class,
                        () -> Logits.of(model, ids, Intervention.restoreSuperActivation(at)))
                .getMessage();
        assertEquals(sentence, message);
    }

    static Stream<Arguments> refusesAPlaceThatTheModelDoesNotHave() {
        String rows = " for model.layers.1.mlp.down_proj.weight: this model's run from 0 to 23.";
        return Stream.of(
                arguments(new Coordinate(3, 0, 0),
                        "There is no layer 3 for model.layers.3.mlp.down_proj.weight: this model's run from 0 to 2."),
                arguments(new Coordinate(-1, 0, 0),
                        "There is no layer -1 for model.layers.-1.mlp.down_proj.weight: this model's run from 0 to 2."),
                arguments(new Coordinate(1, 24, 0), "There is no row (output channel) 24" + rows),
                arguments(new Coordinate(1, -1, 0), "There is no row (output channel) -1" + rows));
    }

    private List<DownProj> downProj(List<int[]> sequences, Intervention... interventions) {
        List<float[]> inputs = new ArrayList<>();
        List<float[]> outputs = new ArrayList<>();
        try (NDManager scope = model.newScope()) {
            model.hiddenStates(scope, sequences, List.of(interventions), (sequence, point, activation) -> {
                if (point.equals(new HookPoint(LAYER, Site.MLP_POST))) {
                    inputs.add(activation.toFloatArray());
                } else if (point.equals(new HookPoint(LAYER, Site.MLP_OUT))) {
                    outputs.add(activation.toFloatArray());
                }
            });
        }
        List<DownProj> seen = new ArrayList<>();
        for (int i = 0; i < sequences.size(); i++) {
            seen.add(new DownProj(inputs.get(i), outputs.get(i)));
        }
        return seen;
    }

    private int largestToken(float[] output) {
        return largestToken(output, ROW);
    }

    private int largestToken(float[] output, int channel) {
        int hidden = model.config().hiddenSize();
        int largest = 0;
        for (int token = 1; token < output.length / hidden; token++) {
            boolean larger = Math.abs(output[token * hidden + channel]) > Math.abs(output[largest * hidden + channel]);
            largest = larger ? token : largest;
        }
        return largest;
    }
}
