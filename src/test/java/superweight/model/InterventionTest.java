package superweight.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import superweight.InvalidInputException;
import superweight.checkpoint.Family;
import superweight.checkpoint.RandomLlama;
import superweight.model.Intervention.Cell;
import superweight.model.Intervention.ScaleWeights;

/** An intervention is the same as another checkpoint, and leaves no trace. */
@ParameterizedClass
@EnumSource
class InterventionTest {
    private static final RandomLlama TINY = RandomLlama.small();

    private final KernelChoice kernels;
    private final CausalLM model;
    private final int[] ids;

    InterventionTest(KernelChoice kernels) {
        this.kernels = kernels;
        this.model = TINY.load(kernels);
        this.ids = Logits.ids(model, 12, 1);
    }

    @AfterEach
    void close() {
        model.close();
    }

    @ParameterizedTest
    @EnumSource
    void scalingAWeightGivesTheLogitsOfACheckpointThatHoldsItScaled(LinearLayer matrix) {
        for (float factor : new float[] {0, -3, 0.3f}) {
            for (int layer = 0; layer < TINY.config().numHiddenLayers(); layer++) {
                Intervention scaling = new ScaleWeights(layer, matrix, List.of(new Cell(2, 5)), factor);
                float[] actual = Logits.of(model, ids, scaling);
                assertLogitsAre(scaled(TINY, layer, matrix, 2, 5, factor), actual);
                assertFalse(Arrays.equals(Logits.of(model, ids), actual));
            }
        }
    }

    /** Its product changes before its bias is added and its heads are normed. */
    @Test
    void aScaledWeightMeansTheSameInEveryFamily() {
        for (Family family : List.of(Family.QWEN2, Family.QWEN3)) {
            RandomLlama tiny = RandomLlama.of(RandomLlama.in(family, TINY.config()), 1);
            try (CausalLM other = tiny.load(kernels)) {
                for (LinearLayer matrix : LinearLayer.values()) {
                    float[] actual = Logits.of(other, ids, new ScaleWeights(1, matrix, List.of(new Cell(2, 5)), -3));
                    assertLogitsAre(scaled(tiny, 1, matrix, 2, 5, -3), actual);
                    assertFalse(Arrays.equals(Logits.of(other, ids), actual), family + " " + matrix);
                }
            }
        }
    }

    /** Two on one matrix, two on one weight, and other layers and matrices besides. */
    @Test
    void severalInterventionsAreAppliedTogether() {
        RandomLlama changed = TINY;
        List<Intervention> interventions = new ArrayList<>();
        for (int[] at : new int[][] {{1, 3, 7}, {1, 4, 0}, {1, 3, 7}, {0, 0, 39}, {2, 23, 1}}) {
            changed = scaled(changed, at[0], LinearLayer.DOWN_PROJ, at[1], at[2], 3.5f);
            interventions.add(Intervention.scale(new Coordinate(at[0], at[1], at[2]), 3.5));
        }
        changed = scaled(changed, 1, LinearLayer.K_PROJ, 9, 23, 0);
        changed = scaled(changed, 1, LinearLayer.K_PROJ, 15, 0, 0);
        interventions.add(new ScaleWeights(1, LinearLayer.K_PROJ, List.of(new Cell(9, 23), new Cell(15, 0)), 0));
        assertLogitsAre(changed, Logits.of(model, List.of(ids), interventions).get(0));
    }

    @Test
    void scalingNoWeightChangesNothing() {
        Intervention nothing = new ScaleWeights(1, LinearLayer.UP_PROJ, List.of(), 7);
        assertArrayEquals(Logits.of(model, ids), Logits.of(model, ids, nothing), 1e-6f);
    }

    @Test
    void theWeightsKeepEveryBitAndTheNextMeasurementSeesTheOriginalModel() {
        float[] before = Logits.of(model, ids);
        List<Intervention> interventions = new ArrayList<>();
        for (int layer = 0; layer < TINY.config().numHiddenLayers(); layer++) {
            for (LinearLayer matrix : LinearLayer.values()) {
                interventions.add(new ScaleWeights(layer, matrix, List.of(new Cell(0, 0), new Cell(1, 3)), -7));
            }
        }
        Logits.of(model, List.of(ids, ids), interventions);
        for (int layer = 0; layer < TINY.config().numHiddenLayers(); layer++) {
            for (LinearLayer matrix : LinearLayer.values()) {
                assertArrayEquals(TINY.weights().get(matrix.weightName(layer)), model.weight(layer, matrix));
            }
        }
        assertArrayEquals(before, Logits.of(model, ids));
    }

    @Test
    void aPlaceNamesItsRowFirst() {
        ScaleWeights pruning = (ScaleWeights) Intervention.prune(new Coordinate(2, 5, 30));
        assertEquals(new ScaleWeights(2, LinearLayer.DOWN_PROJ, List.of(new Cell(5, 30)), 0), pruning);
        assertEquals(1, pruning.weights());
    }

    @ParameterizedTest
    @MethodSource
    void refusesAPlaceThatTheModelDoesNotHave(Intervention intervention, String sentence) {
        String message = assertThrows(
                InvalidInputException.class, () -> Logits.of(model, ids, intervention)).getMessage();
        assertEquals(sentence, message);
    }

    static Stream<Arguments> refusesAPlaceThatTheModelDoesNotHave() {
        String first = " for model.layers.0.mlp.down_proj.weight: this model's run from 0 to ";
        return Stream.of(
                arguments(Intervention.prune(new Coordinate(3, 0, 0)),
                        "There is no layer 3 for model.layers.3.mlp.down_proj.weight: this model's run from 0 to 2."),
                arguments(Intervention.prune(new Coordinate(-1, 0, 0)),
                        "There is no layer -1 for model.layers.-1.mlp.down_proj.weight: this model's run from 0 to 2."),
                arguments(Intervention.prune(new Coordinate(0, 24, 0)),
                        "There is no row (output channel) 24" + first + "23."),
                arguments(Intervention.prune(new Coordinate(0, -1, 0)),
                        "There is no row (output channel) -1" + first + "23."),
                arguments(Intervention.prune(new Coordinate(0, 0, 40)),
                        "There is no column (input channel) 40" + first + "39."),
                arguments(new ScaleWeights(0, LinearLayer.V_PROJ, List.of(new Cell(0, 0), new Cell(16, 0)), 2),
                        "There is no row (output channel) 16 for model.layers.0.self_attn.v_proj.weight:"
                                + " this model's run from 0 to 15."));
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e39})
    void refusesAFactorThatIsNotAFiniteFloat(double factor) {
        Coordinate at = new Coordinate(0, 1, 2);
        String message = assertThrows(
                InvalidInputException.class, () -> Intervention.scale(at, factor)).getMessage();
        assertEquals("The factor for model.layers.0.mlp.down_proj.weight must be a finite number, but it is "
                + (float) factor + ".", message);
    }

    private static RandomLlama scaled(
            RandomLlama model, int layer, LinearLayer matrix, int row, int column, float factor) {
        int columns = matrix.inFeatures(model.config());
        return model.scaled(matrix.weightName(layer), row * columns + column, factor);
    }

    /** But for rounding: the products of changed rows sum up in another order. */
    private void assertLogitsAre(RandomLlama checkpoint, float[] logits) {
        try (CausalLM other = checkpoint.load(kernels)) {
            assertArrayEquals(Logits.of(other, ids), logits, 1e-5f);
        }
    }
}
