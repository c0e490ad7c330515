package superweight.quantize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Random;
import java.util.Set;
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
import superweight.model.CausalLM;
import superweight.model.HookPoint;
import superweight.model.HookPoint.Site;
import superweight.model.Intervention;
import superweight.model.Intervention.MapInput;
import superweight.model.Intervention.MapWeights;
import superweight.model.LinearLayer;

@PropertyDefaults(edgeCases = EdgeCasesMode.MIXIN)
class SmoothQuantProperties {
    private static final CausalLM MODEL = RandomLlama.small().load();
    private static final List<int[]> TEXTS = List.of(ids(20, 1), ids(20, 2));
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
        for (int channel = 0; channel < 4; channel++) {
            double weight = 1e-5;
            for (List<Float> matrix : List.of(first, second)) {
                for (int row = 0; row < matrix.size() / 4; row++) {
                    weight = Math.max(weight, Math.abs(matrix.get(row * 4 + channel)));
                }
            }
            double factor = Math.max(1e-5, Math.pow(activations.get(channel), alpha) / Math.pow(weight, 1 - alpha));
            assertEquals(factor, factors[channel], 1e-5 * factor, "channel " + channel);
        }
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
        assertEquals(input(interventions, LinearLayer.Q_PROJ), input(interventions, LinearLayer.V_PROJ));
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
        assertThrows(InvalidInputException.class, () -> new SmoothQuant(Double.NaN));
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
