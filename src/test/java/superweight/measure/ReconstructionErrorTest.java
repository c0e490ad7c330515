package superweight.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import superweight.Progress;
import superweight.checkpoint.RandomLlama;
import superweight.model.CausalLM;
import superweight.model.Coordinate;
import superweight.model.HookPoint;
import superweight.model.Intervention;
import superweight.model.Intervention.MapWeights;
import superweight.model.LinearLayer;
import superweight.model.TensorMap;

class ReconstructionErrorTest {
    private static final CausalLM MODEL = RandomLlama.small().load();
    private static final List<int[]> TEXTS = List.of(new int[] {3, 1, 4, 1, 5}, new int[] {9, 2, 6});

    @AfterAll
    static void close() {
        MODEL.close();
    }

    /** Half as large: whatever the weights are, half of each is missing, and of what they give too. */
    @Test
    void weightsOfHalfTheirSizeHaveAQuarterOfTheirSquaresAsError() {
        ReconstructionError error = measure(weight -> weight.mul(0.5)).get(0);
        assertEquals(0.25, error.weights(), 1e-6);
        assertEquals(0.25, error.outputs(), 1e-6);
    }

    @Test
    void whatChangesNothingHasNoError() {
        assertEquals(List.of(new ReconstructionError(0, 0)), measure(weight -> weight));
        assertEquals(
                List.of(new ReconstructionError(0, 0)),
                ReconstructionError.measureAll(MODEL, TEXTS, List.of(Condition.ORIGINAL), Progress.NONE));
    }

    /** One matrix by itself, against sums over tokens and channels in plain loops. */
    @Test
    void anErrorOfOutputsIsThatOfTheProductsWithTheOriginalModelsActivations() {
        TensorMap first = weight -> weight.mul(weight.gt(0).toType(weight.getDataType(), false));
        for (LinearLayer matrix : LinearLayer.values()) {
            Condition condition = new Condition("one matrix", List.of(new MapWeights(1, matrix, first)));
            ReconstructionError error =
                    ReconstructionError.measureAll(MODEL, TEXTS, List.of(condition), Progress.NONE).get(0);
            float[] weight = MODEL.weight(1, matrix);
            int columns = matrix.inFeatures(MODEL.config());
            double output = 0;
            double lost = 0;
            for (float[] x : inputs(matrix)) {
                for (int row = 0; row < weight.length / columns; row++) {
                    double all = 0;
                    double negative = 0;
                    for (int column = 0; column < columns; column++) {
                        double product = x[column] * weight[row * columns + column];
                        all += product;
                        negative += weight[row * columns + column] < 0 ? product : 0;
                    }
                    output += all * all;
                    lost += negative * negative;
                }
            }
            assertEquals(lost / output, error.outputs(), 1e-5 * lost / output, matrix.toString());
        }
    }

    /** The activations that a matrix of layer 1 is multiplied by, a token an array. */
    private static List<float[]> inputs(LinearLayer matrix) {
        Map<HookPoint, List<float[]>> seen = new HashMap<>();
        for (int[] text : TEXTS) {
            MODEL.read(text, 2, List.of(), (run, point, activation) -> {
                if (point.equals(new HookPoint(1, matrix.inputSite()))) {
                    for (long token = 0; token < text.length; token++) {
                        try (NDArray row = activation.get(token)) {
                            seen.computeIfAbsent(point, each -> new ArrayList<>()).add(row.toFloatArray());
                        }
                    }
                }
            });
        }
        return seen.get(new HookPoint(1, matrix.inputSite()));
    }

    @Test
    void otherInterventionsPlayNoPart() {
        List<Intervention> changes = List.of(
                Intervention.prune(new Coordinate(0, 1, 2)), new MapWeights(0, LinearLayer.Q_PROJ, weight -> weight));
        assertEquals(
                List.of(new ReconstructionError(0, 0)),
                ReconstructionError.measureAll(
                        MODEL, TEXTS, List.of(new Condition("pruned", changes)), Progress.NONE));
    }

    private static List<ReconstructionError> measure(TensorMap map) {
        List<Intervention> everywhere = new ArrayList<>();
        for (int layer = 0; layer < MODEL.config().numHiddenLayers(); layer++) {
            for (LinearLayer matrix : LinearLayer.values()) {
                everywhere.add(new MapWeights(layer, matrix, map));
            }
        }
        return ReconstructionError.measureAll(
                MODEL, TEXTS, List.of(new Condition("mapped", everywhere)), Progress.NONE);
    }
}
