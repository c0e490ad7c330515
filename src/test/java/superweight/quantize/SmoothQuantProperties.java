package superweight.quantize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.PropertyDefaults;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import superweight.InvalidInputException;
import superweight.Progress;
import superweight.checkpoint.RandomLlama;
import superweight.measure.ChannelMaxima;
import superweight.measure.Condition;
import superweight.measure.Perplexity;
import superweight.model.ActivationReader;
import superweight.model.CausalLM;
import superweight.model.HookPoint;
import superweight.model.HookPoint.Site;
import superweight.model.Intervention;
import superweight.model.Intervention.MapInput;
import superweight.model.Intervention.MapWeights;
import superweight.model.LinearLayer;
import superweight.model.LmHead;

@PropertyDefaults(edgeCases = EdgeCasesMode.MIXIN)
class SmoothQuantProperties {
    private static final CausalLM MODEL = RandomLlama.small().load();
    private static final List<int[]> TEXTS = List.of(ids(20, 1), ids(20, 2));
    private static final Map<Site, List<LinearLayer>> SHARED = Map.of(
            Site.LN1_OUT, List.of(LinearLayer.Q_PROJ, LinearLayer.K_PROJ, LinearLayer.V_PROJ),
            Site.LN2_OUT, List.of(LinearLayer.GATE_PROJ, LinearLayer.UP_PROJ));
    private static final ChannelMaxima MAXIMA =
            ChannelMaxima.measure(MODEL, TEXTS, SmoothQuant.SITES, Progress.NONE);

    @AfterContainer
    static void close() {
        MODEL.close();
    }

    @Property(tries = 300)
    void factorsAreAsDefined(
            @ForAll @DoubleRange(max = 1) double alpha,
            @ForAll @Size(4) List<@FloatRange(max = 100) Float> activations,
            @ForAll @Size(8) List<@FloatRange(min = -2, max = 2) Float> first,
            @ForAll @Size(12) List<@FloatRange(min = -2, max = 2) Float> second) {
        float[] factors = new SmoothQuant(alpha)
                .factors(floats(activations), List.of(floats(first), floats(second)));
        assertEquals(4, factors.length);
        double[] expected = plainFactors(alpha, floats(activations), List.of(floats(first), floats(second)));
        assertClose(expected, factors);
    }

    /** Every layer's own maxima and matrices, the same factors for all that share an input. */
    @Property(tries = 20)
    void inputsAreDividedAndWeightsMultipliedByThePlainLoopsFactors(@ForAll @DoubleRange(max = 1) double alpha) {
        List<Intervention> interventions = new SmoothQuant(alpha).interventions(MODEL, MAXIMA);
        for (int layer = 0; layer < MODEL.config().numHiddenLayers(); layer++) {
            for (Map.Entry<Site, List<LinearLayer>> shared : SHARED.entrySet()) {
                int at = layer;
                double[] expected = plainFactors(
                        alpha,
                        MAXIMA.at(new HookPoint(layer, shared.getKey())),
                        shared.getValue().stream().map(matrix -> MODEL.weight(at, matrix)).toList());
                for (LinearLayer matrix : shared.getValue()) {
                    assertClose(expected, factorsOfWeight(interventions, layer, matrix));
                    double[] inverses = Arrays.stream(expected).map(factor -> 1 / factor).toArray();
                    assertClose(inverses, factorsOfInput(interventions, layer, matrix));
                }
            }
        }
    }

    /** After every token of every text. */
    @Property(tries = 20)
    void smoothingAloneLeavesEveryProbabilityAsItWas(@ForAll @DoubleRange(max = 1) double alpha) {
        float[] original = probabilities(List.of());
        float[] smoothed = probabilities(new SmoothQuant(alpha).interventions(MODEL, MAXIMA));
        assertArrayEquals(original, smoothed, 2e-4f);
    }

    /** What a channel is divided by its column is multiplied by: without quantization nothing changes but rounding. */
    @Property(tries = 20)
    void smoothingAloneChangesNothing(@ForAll @DoubleRange(max = 1) double alpha) {
        List<Perplexity> measured = Perplexity.measureAll(
                MODEL,
                TEXTS,
                List.of(
                        Condition.ORIGINAL,
                        new Condition("smoothed", new SmoothQuant(alpha).interventions(MODEL, MAXIMA))),
                Progress.NONE);
        assertArrayEquals(measured.get(0).nll(), measured.get(1).nll(), 1e-4);
    }

    /** With alpha = 1 all of the range moves: every channel reaches as far as every other on the text calibrated on. */
    @Example
    void withAlphaOneEveryChannelReachesOne() {
        HookPoint point = new HookPoint(1, Site.LN2_OUT);
        float[] factors = new SmoothQuant(1).factors(
                MAXIMA.at(point), List.of(MODEL.weight(1, LinearLayer.GATE_PROJ)));
        assertArrayEquals(MAXIMA.at(point), factors, 1e-6f);
    }

    @Example
    void inputsOfNormsAreSmoothedAndMatricesThatShareOneShareItsFactors() {
        List<Intervention> interventions = new SmoothQuant(0.5).interventions(MODEL, MAXIMA);
        assertEquals(
                Set.of(LinearLayer.Q_PROJ, LinearLayer.K_PROJ, LinearLayer.V_PROJ, LinearLayer.GATE_PROJ,
                        LinearLayer.UP_PROJ),
                interventions.stream()
                        .flatMap(each -> each instanceof MapInput map ? Stream.of(map.matrix())
                                : Stream.empty())
                        .collect(Collectors.toSet()));
        SHARED.values().forEach(matrices -> matrices.forEach(matrix ->
                assertEquals(input(interventions, matrices.get(0)), input(interventions, matrix))));
        assertNotEquals(input(interventions, LinearLayer.Q_PROJ), input(interventions, LinearLayer.GATE_PROJ));
        assertEquals(
                2 * 5 * MODEL.config().numHiddenLayers(), interventions.size(), "one of inputs, one of weights each");
        assertTrue(interventions.stream().allMatch(each -> each instanceof MapInput || each instanceof MapWeights));
    }

    @Example
    void channelsAreScaledColumnByColumn() {
        try (NDManager scope = NDManager.newBaseManager()) {
            assertArrayEquals(
                    new float[] {2, -2, 0.5f, 6, -4, 1.5f},
                    new ScaledChannels(new float[] {2, -1, 0.5f})
                            .apply(scope.create(new float[] {1, 2, 1, 3, 4, 3}, new Shape(2, 3)))
                            .toFloatArray());
        }
        assertEquals(new ScaledChannels(new float[] {1, 2}), new ScaledChannels(new float[] {1, 2}));
        assertEquals(new ScaledChannels(new float[] {2, 2, 2}), ScaledChannels.alike(3, 2));
        assertNotEquals(new ScaledChannels(new float[] {1, 2}), new ScaledChannels(new float[] {1, 3}));
        assertEquals(
                "A channel must be multiplied by a finite number, but one is to be by NaN.",
                assertThrows(InvalidInputException.class, () -> new ScaledChannels(new float[] {1, Float.NaN}))
                        .getMessage());
    }

    @Example
    void alphaMustBeAShare() {
        assertEquals(
                "SmoothQuant's alpha must be from 0 to 1, but it is 1.5.",
                assertThrows(InvalidInputException.class, () -> new SmoothQuant(1.5)).getMessage());
        for (double alpha : new double[] {-0.1, -Double.MIN_VALUE, Math.nextUp(1.0), Double.NaN}) {
            assertThrows(InvalidInputException.class, () -> new SmoothQuant(alpha));
        }
        for (double alpha : new double[] {0, 1}) {
            assertEquals(alpha, new SmoothQuant(alpha).alpha());
        }
    }

    private static double[] plainFactors(double alpha, float[] activations, List<float[]> matrices) {
        double[] factors = new double[activations.length];
        for (int channel = 0; channel < factors.length; channel++) {
            double weight = 1e-5;
            for (float[] matrix : matrices) {
                for (int row = 0; row < matrix.length / factors.length; row++) {
                    weight = Math.max(weight, Math.abs(matrix[row * factors.length + channel]));
                }
            }
            factors[channel] =
                    Math.max(1e-5, Math.pow(activations[channel], alpha) / Math.pow(weight, 1 - alpha));
        }
        return factors;
    }

    private static void assertClose(double[] expected, float[] found) {
        assertEquals(expected.length, found.length);
        for (int channel = 0; channel < found.length; channel++) {
            assertEquals(expected[channel], found[channel], 1e-5 * expected[channel], "channel " + channel);
        }
    }

    /** Of all next tokens after every token of {@link #TEXTS}, one after the other. */
    private static float[] probabilities(List<Intervention> interventions) {
        try (NDManager scope = MODEL.newScope()) {
            LmHead head = MODEL.lmHead(scope);
            NDList hidden = new NDList(MODEL.hiddenStates(scope, TEXTS, interventions, ActivationReader.NONE));
            return head.logits(NDArrays.concat(hidden)).softmax(-1).toFloatArray();
        }
    }

    private static float[] factorsOfWeight(List<Intervention> interventions, int layer, LinearLayer matrix) {
        MapWeights map = only(interventions, MapWeights.class,
                each -> each.layer() == layer && each.matrix() == matrix);
        return ((ScaledChannels) map.map()).factors();
    }

    private static float[] factorsOfInput(List<Intervention> interventions, int layer, LinearLayer matrix) {
        MapInput map = only(interventions, MapInput.class,
                each -> each.layer() == layer && each.matrix() == matrix);
        return ((ScaledChannels) map.map()).factors();
    }

    private static <I extends Intervention> I only(
            List<Intervention> interventions, Class<I> type, Predicate<I> wanted) {
        List<I> found = interventions.stream()
                .filter(type::isInstance).map(type::cast).filter(wanted).toList();
        assertEquals(1, found.size());
        return found.get(0);
    }

    private static Object input(List<Intervention> interventions, LinearLayer matrix) {
        return interventions.stream()
                .filter(each -> each instanceof MapInput map && map.layer() == 0 && map.matrix() == matrix)
                .map(each -> ((MapInput) each).map())
                .findFirst()
                .orElseThrow();
    }

    private static float[] floats(List<Float> values) {
        float[] floats = new float[values.size()];
        IntStream.range(0, floats.length).forEach(i -> floats[i] = values.get(i));
        return floats;
    }

    private static int[] ids(int length, long seed) {
        return new Random(seed).ints(length, 0, MODEL.config().vocabSize()).toArray();
    }
}
