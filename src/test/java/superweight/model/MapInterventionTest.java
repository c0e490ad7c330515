package superweight.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import superweight.InvalidInputException;
import superweight.checkpoint.RandomLlama;
import superweight.model.Intervention.Cell;
import superweight.model.Intervention.MapInput;
import superweight.model.Intervention.MapWeights;
import superweight.model.Intervention.RestoreSuperActivation;
import superweight.model.Intervention.ScaleWeights;

/** A function of weights is another checkpoint; a function of activations is computed here from its definition. */
@ParameterizedClass
@MethodSource("superweight.model.ModelVariant#all")
class MapInterventionTest {
    private static final RandomLlama TINY = RandomLlama.small();
    private static final int LAYER = 1;
    private static final TensorMap COARSE = new TestMaps.RoundedRows(3);
    private static final float SHARE = 0.4f;

    private final ModelVariant variant;
    private final CausalLM model;
    private final int[] ids;

    MapInterventionTest(ModelVariant variant) {
        this.variant = variant;
        this.model = variant.load(TINY);
        this.ids = Logits.ids(model, 12, 1);
    }

    @AfterEach
    void close() {
        model.close();
    }

    @ParameterizedTest
    @EnumSource
    void mappingAMatrixGivesTheLogitsOfACheckpointThatHoldsItMapped(LinearLayer matrix) {
        float[] logits = Logits.of(model, ids, new MapWeights(LAYER, matrix, COARSE));
        assertLogitsAre(mapped(TINY, matrix, COARSE), logits);
        assertDiffer(Logits.of(model, ids), logits);
    }

    /** The scaled weight is the largest of its row, so what its row is rounded to follows it. */
    @ParameterizedTest
    @EnumSource
    void weightsAreScaledAndMappedInTheOrderOfTheInterventions(LinearLayer matrix) {
        int row = 3;
        int column = largestColumn(matrix, row);
        Intervention mapping = new MapWeights(LAYER, matrix, COARSE);
        Intervention scaling = new ScaleWeights(LAYER, matrix, List.of(new Cell(row, column)), -2.7f);
        int index = row * matrix.inFeatures(TINY.config()) + column;
        String name = matrix.weightName(LAYER);

        float[] scaledFirst = Logits.of(model, ids, scaling, mapping);
        assertLogitsAre(mapped(TINY.scaled(name, index, -2.7f), matrix, COARSE), scaledFirst);
        float[] mappedFirst = Logits.of(model, ids, mapping, scaling);
        assertLogitsAre(mapped(TINY, matrix, COARSE).scaled(name, index, -2.7f), mappedFirst);
        assertDiffer(scaledFirst, mappedFirst);
    }

    @Test
    void severalMapsOfOneMatrixFollowEachOtherAndScalingsBetweenThem() {
        TensorMap bounded = new TestMaps.ClippedTensor(SHARE);
        LinearLayer matrix = LinearLayer.DOWN_PROJ;
        int index = 5 * matrix.inFeatures(TINY.config()) + 7;
        float[] logits = Logits.of(
                model,
                ids,
                new MapWeights(LAYER, matrix, bounded),
                new ScaleWeights(LAYER, matrix, List.of(new Cell(5, 7)), 30),
                new MapWeights(LAYER, matrix, COARSE));
        RandomLlama scaled = mapped(TINY, matrix, bounded).scaled(matrix.weightName(LAYER), index, 30);
        assertLogitsAre(mapped(scaled, matrix, COARSE), logits);
    }

    @Test
    void aMapThatGivesItsArgumentBackChangesNothing() {
        Intervention same = new MapWeights(LAYER, LinearLayer.UP_PROJ, tensor -> tensor);
        Intervention sameInput = new MapInput(LAYER, LinearLayer.UP_PROJ, tensor -> tensor);
        assertArrayEquals(Logits.of(model, ids), Logits.of(model, ids, same, sameInput), 1e-5f);
    }

    @ParameterizedTest
    @EnumSource
    void aMatrixIsMultipliedByTheMappedActivationsOfEachToken(LinearLayer matrix) {
        assertInputIsMapped(matrix, new TestMaps.ClippedRows(SHARE), x -> clipped(x, Function.identity()));
    }

    @ParameterizedTest
    @EnumSource
    void aMatrixIsMultipliedByTheMappedActivationsOfTheText(LinearLayer matrix) {
        assertInputIsMapped(matrix, new TestMaps.ClippedTensor(SHARE), x -> clipped(x, largestOfEachToken -> {
            double[] all = new double[x.length];
            Arrays.fill(all, Arrays.stream(largestOfEachToken).max().orElseThrow());
            return all;
        }));
    }

    @Test
    void severalMapsOfOneInputFollowEachOther() {
        MapInput shift = new MapInput(LAYER, LinearLayer.DOWN_PROJ, x -> x.add(0.5));
        MapInput twice = new MapInput(LAYER, LinearLayer.DOWN_PROJ, x -> x.mul(2));
        ReferenceForward.Change shifted = input(LinearLayer.DOWN_PROJ, x -> each(x, value -> value + 0.5));
        ReferenceForward.Change doubled = input(LinearLayer.DOWN_PROJ, x -> each(x, value -> value * 2));
        assertLogitsAre(
                ReferenceForward.logits(TINY, ids, List.of(shifted, doubled)), Logits.of(model, ids, shift, twice));
        assertLogitsAre(
                ReferenceForward.logits(TINY, ids, List.of(doubled, shifted)), Logits.of(model, ids, twice, shift));
    }

    /** What is put back is what the original weights make of the activations that a reader sees. */
    @Test
    void aSuperActivationIsRestoredFromTheOriginalWeightsAndActivations() {
        int channel = 4;
        float[] logits = Logits.of(
                model,
                ids,
                new MapWeights(LAYER, LinearLayer.DOWN_PROJ, COARSE),
                new MapInput(LAYER, LinearLayer.DOWN_PROJ, new TestMaps.ClippedRows(SHARE)),
                new RestoreSuperActivation(LAYER, channel));
        List<ReferenceForward.Change> changes = List.of(
                input(LinearLayer.DOWN_PROJ, x -> clipped(x, Function.identity())),
                new ReferenceForward.Restored(TINY, LAYER, channel));
        RandomLlama coarse = mapped(TINY, LinearLayer.DOWN_PROJ, COARSE);
        assertLogitsAre(ReferenceForward.logits(coarse, ids, changes), logits);
    }

    @Test
    void refusesALayerThatTheModelDoesNotHave() {
        for (Intervention intervention : List.of(
                new MapWeights(3, LinearLayer.K_PROJ, COARSE), new MapInput(3, LinearLayer.K_PROJ, COARSE))) {
            assertEquals(
                    "There is no layer 3 for model.layers.3.self_attn.k_proj.weight: this model's run from 0 to 2.",
                    assertThrows(InvalidInputException.class, () -> Logits.of(model, ids, intervention)).getMessage());
        }
    }

    private void assertInputIsMapped(LinearLayer matrix, TensorMap map, Function<double[][], double[][]> definition) {
        float[] logits = Logits.of(model, ids, new MapInput(LAYER, matrix, map));
        assertLogitsAre(ReferenceForward.logits(TINY, ids, List.of(input(matrix, definition))), logits);
        assertDiffer(Logits.of(model, ids), logits);
    }

    private static ReferenceForward.Change input(LinearLayer at, Function<double[][], double[][]> definition) {
        return new ReferenceForward.Change() {
            @Override
            public double[][] input(int layer, LinearLayer matrix, double[][] x) {
                return layer == LAYER && matrix == at ? definition.apply(x) : x;
            }
        };
    }

    /** Bounds each token's activations by {@link #SHARE} of a scale that is made from the largest of each token. */
    private static double[][] clipped(double[][] x, Function<double[], double[]> scales) {
        double[] largest = Arrays.stream(x)
                .mapToDouble(row -> Arrays.stream(row).map(Math::abs).max().orElseThrow())
                .toArray();
        double[] scale = scales.apply(largest);
        double[][] clipped = new double[x.length][];
        for (int t = 0; t < x.length; t++) {
            double most = SHARE * scale[t];
            clipped[t] = Arrays.stream(x[t]).map(value -> Math.max(-most, Math.min(most, value))).toArray();
        }
        return clipped;
    }

    private static double[][] each(double[][] x, DoubleUnaryOperator function) {
        return Arrays.stream(x).map(row -> Arrays.stream(row).map(function).toArray()).toArray(double[][]::new);
    }

    /** A model that holds a function of one matrix in its place. */
    private static RandomLlama mapped(RandomLlama original, LinearLayer matrix, TensorMap map) {
        String name = matrix.weightName(LAYER);
        Shape shape = new Shape(matrix.outFeatures(original.config()), matrix.inFeatures(original.config()));
        try (NDManager manager = TorchEngine.newManager()) {
            return original.with(
                    name, map.apply(manager.create(original.weights().get(name), shape)).toFloatArray());
        }
    }

    private static int largestColumn(LinearLayer matrix, int row) {
        float[] weights = TINY.weights().get(matrix.weightName(LAYER));
        int columns = matrix.inFeatures(TINY.config());
        return IntStream.range(0, columns)
                .reduce((best, column) -> Math.abs(weights[row * columns + column])
                                > Math.abs(weights[row * columns + best]) ? column : best)
                .orElseThrow();
    }

    /** But for rounding: the products of changed rows sum up in another order. */
    private void assertLogitsAre(RandomLlama checkpoint, float[] logits) {
        try (CausalLM other = variant.load(checkpoint)) {
            assertArrayEquals(Logits.of(other, ids), logits, 1e-5f);
        }
    }

    private static void assertLogitsAre(double[][] expected, float[] logits) {
        int vocab = expected[0].length;
        assertEquals(expected.length * vocab, logits.length);
        for (int i = 0; i < logits.length; i++) {
            assertEquals(expected[i / vocab][i % vocab], logits[i], 1e-4, "score " + i);
        }
    }

    /** By more than rounding could account for. */
    private static void assertDiffer(float[] a, float[] b) {
        assertTrue(IntStream.range(0, a.length).anyMatch(i -> Math.abs(a[i] - b[i]) > 0.01));
    }
}
