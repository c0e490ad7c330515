package superweight.quantize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import superweight.checkpoint.RandomLlama;
import superweight.model.CausalLM;
import superweight.model.Coordinate;
import superweight.model.Intervention;
import superweight.model.Intervention.MapWeights;
import superweight.model.LinearLayer;

class WeightQuantizationTest {
    private static final CausalLM MODEL = RandomLlama.small().load();
    private static final Coordinate SUPER_WEIGHT = new Coordinate(1, 2, 3);
    /** A block's largest weights, half a matrix away from its smallest, are clipped. */
    private static final Quantizer QUANTIZER =
            Quantizer.roundToNearest(3, new Blocks.Runs(32)).clipping(new Clip.Deviations(1.5));

    @AfterAll
    static void close() {
        MODEL.close();
    }

    /** Each of Hugging Face's seven matrices of each layer, q, k and v by themselves. */
    @ParameterizedTest
    @EnumSource
    void everyLinearLayerIsQuantizedByItselfAndNothingElse(OutlierTreatment treatment) {
        List<Intervention> changes = interventions(treatment);
        Set<String> names = new HashSet<>();
        for (Intervention change : changes) {
            MapWeights map = (MapWeights) change;
            names.add(map.matrix().weightName(map.layer()));
        }
        assertEquals(7 * MODEL.config().numHiddenLayers(), changes.size());
        assertEquals(changes.size(), names.size());
    }

    /** On a matrix whose super weight is 9 and whose other weights are from -1 to 1. */
    @ParameterizedTest
    @EnumSource
    void aTreatmentDoesWhatItsNameSays(OutlierTreatment treatment) {
        float[] before = matrix();
        float[] after = apply(treatment, before);
        float[] plain = apply(OutlierTreatment.NONE, before);
        switch (treatment) {
            case NONE, RESTORE -> {
                assertEquals(9, after[SUPER], 1e-6); // an extreme is kept by rounding itself
                assertTrue(distinct(after) <= 3, "its block has but two levels left for the others");
            }
            case LEAVE_OUT -> {
                assertEquals(9, after[SUPER]);
                assertTrue(distinct(after) > 5, "the others have their levels to themselves");
            }
            case CLIP -> assertTrue(after[SUPER] < 3, "clipped and left so");
            case CLIP_AND_RESTORE, CLIP_AND_RESTORE_ALL -> {
                assertEquals(9, after[SUPER]);
                assertTrue(distinct(after) > distinct(plain));
            }
        }
    }

    @Test
    void onlyTheSuperWeightIsRestoredUnlessAllClippedWeightsAre() {
        float[] before = matrix();
        before[SUPER + 1] = -8;
        assertTrue(apply(OutlierTreatment.CLIP_AND_RESTORE, before)[SUPER + 1] > -6);
        assertEquals(-8, apply(OutlierTreatment.CLIP_AND_RESTORE_ALL, before)[SUPER + 1]);
    }

    @Test
    void bitsOfAModelAreTheMeanOverItsWeights() {
        assertEquals(4.5, LinearLayers.bitsPerWeight(MODEL.config(), Quantizer.roundToNearest(4, new Blocks.Runs(64))), 0.05);
        double rows = LinearLayers.bitsPerWeight(MODEL.config(), Quantizer.roundToNearest(4, new Blocks.Rows()));
        double widest = 4 + 32.0 / MODEL.config().intermediateSize();
        double narrowest = 4 + 32.0 / MODEL.config().hiddenSize();
        assertTrue(rows > widest && rows < narrowest, rows + " bits");
    }

    @Test
    void clippedWeightsAreCounted() {
        long expected = 0;
        Clip.TensorShare largest = new Clip.TensorShare(0.01); // of n weights, those above the k-th largest: k - 1
        for (LinearLayer matrix : LinearLayer.values()) {
            long weights = (long) matrix.outFeatures(MODEL.config()) * matrix.inFeatures(MODEL.config());
            expected += MODEL.config().numHiddenLayers() * (Math.max(1, weights / 100) - 1);
        }
        assertEquals(expected, LinearLayers.clipped(MODEL, QUANTIZER.clipping(largest)));
        assertEquals(0, LinearLayers.clipped(MODEL, QUANTIZER.clipping(new Clip.None())));
    }

    @Test
    void oneWeightsValueIsThatOfItsPlace() {
        float[] weights = MODEL.weight(1, LinearLayer.DOWN_PROJ);
        float original = weights[2 * MODEL.config().intermediateSize() + 3];
        assertEquals(original, LinearLayers.value(MODEL, SUPER_WEIGHT, weight -> weight));
        assertEquals(2 * original, LinearLayers.value(MODEL, SUPER_WEIGHT, weight -> weight.mul(2)));
    }

    private static final int SUPER = 2 * 16 + 3;

    private static float[] matrix() {
        float[] values = new float[16 * 16];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.sin(i);
        }
        values[SUPER] = 9;
        return values;
    }

    /** Of the super weight's block. */
    private static long distinct(float[] values) {
        float[] block = Arrays.copyOfRange(values, 32, 64);
        Set<Float> distinct = new HashSet<>();
        for (float value : block) {
            distinct.add(value);
        }
        return distinct.size();
    }

    private static float[] apply(OutlierTreatment treatment, float[] values) {
        MapWeights map = interventions(treatment).stream()
                .map(MapWeights.class::cast)
                .filter(each -> each.layer() == 1 && each.matrix() == LinearLayer.DOWN_PROJ)
                .findFirst()
                .orElseThrow();
        try (NDManager scope = NDManager.newBaseManager()) {
            NDArray weight = scope.create(values, new Shape(16, 16));
            return map.map().apply(weight).toFloatArray();
        }
    }

    private static List<Intervention> interventions(OutlierTreatment treatment) {
        return new WeightQuantization(QUANTIZER, treatment)
                .condition("quantized", MODEL.config(), List.of(SUPER_WEIGHT))
                .interventions();
    }
}
