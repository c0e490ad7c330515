package superweight.measure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import superweight.Progress;
import superweight.checkpoint.RandomLlama;
import superweight.measure.ActivationTrace.Layer;
import superweight.measure.ActivationTrace.Peak;
import superweight.model.CausalLM;
import superweight.model.Coordinate;
import superweight.model.HookPoint;
import superweight.model.HookPoint.Site;
import superweight.model.Intervention;

class ActivationTraceTest {
    private static final CausalLM MODEL = RandomLlama.small().load();
    private static final int LAYERS = MODEL.config().numHiddenLayers();
    private static final int HIDDEN = MODEL.config().hiddenSize();

    @AfterAll
    static void close() {
        MODEL.close();
    }

    @Test
    void aLayerHasItsLargestActivationAChannelAndTheNormOfTheOthers() {
        try (NDManager scope = MODEL.newScope()) {
            NDArray stream = scope.create(new float[] {3, 1, 4, 0, -7, 0}, new Shape(2, 3));
            Layer layer = Layer.of(stream, 1);
            assertEquals(new Peak(1, 1, -7), layer.largest());
            assertArrayEquals(new float[] {1, -7}, layer.channel());
            assertArrayEquals(new double[] {5, 0}, layer.rest());
        }
    }

    @Test
    void itsCurvesAreMagnitudesAndTheChannelOnAToken() {
        ActivationTrace trace = new ActivationTrace(List.of(
                new Layer(new Peak(0, 2, -9), new float[] {-2, 6}, new double[] {8, 3}),
                new Layer(new Peak(1, 0, 5), new float[] {1, -4}, new double[] {2, 1})));
        assertArrayEquals(new double[] {9, 5}, trace.largest());
        assertArrayEquals(new double[] {6, 4}, trace.largestInChannel());
        assertArrayEquals(new double[] {6, -4}, trace.channelAt(1));
        assertArrayEquals(new double[] {8, 2}, trace.restOf(0));
        assertArrayEquals(new double[] {0.25, 0.5}, trace.timesTheRest(0));
    }

    @Test
    void everyConditionIsTracedOnEveryText() {
        List<int[]> texts = List.of(ids(5, 1), ids(1, 2), ids(9, 3));
        List<Condition> conditions = List.of(
                new Condition("changed", List.of(Intervention.scale(new Coordinate(1, 4, 6), 50))),
                Condition.ORIGINAL);
        List<List<ActivationTrace>> traces =
                ActivationTrace.measureAll(MODEL, texts, conditions, 4, Progress.NONE);
        for (int condition = 0; condition < 2; condition++) {
            for (int text = 0; text < 3; text++) {
                assertIs(read(texts.get(text), conditions.get(condition)), traces.get(condition).get(text));
            }
        }
    }

    private static List<Layer> read(int[] ids, Condition condition) {
        Layer[] layers = new Layer[LAYERS];
        MODEL.read(ids, LAYERS, condition.interventions(), (run, point, activation) -> {
            if (point.equals(new HookPoint(point.layer(), Site.RESID_POST))) {
                assertEquals(new Shape(ids.length, HIDDEN), activation.getShape());
                layers[point.layer()] = Layer.of(activation, 4);
            }
        });
        return List.of(layers);
    }

    private static void assertIs(List<Layer> expected, ActivationTrace found) {
        assertEquals(LAYERS, found.layers().size());
        for (int layer = 0; layer < LAYERS; layer++) {
            Layer one = expected.get(layer);
            Layer other = found.layers().get(layer);
            assertEquals(one.largest().token(), other.largest().token());
            assertEquals(one.largest().channel(), other.largest().channel());
            assertEquals(one.largest().value(), other.largest().value(), 1e-5);
            assertArrayEquals(one.channel(), other.channel(), 1e-5f);
            assertArrayEquals(one.rest(), other.rest(), 1e-5);
        }
    }

    private static int[] ids(int length, long seed) {
        return new Random(seed).ints(length, 0, MODEL.config().vocabSize()).toArray();
    }
}
