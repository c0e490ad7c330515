package superweight.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import superweight.Progress;
import superweight.checkpoint.RandomLlama;
import superweight.model.CausalLM;
import superweight.model.HookPoint.Site;
import superweight.model.LinearLayer;

class GateRangeTest {
    private static final CausalLM MODEL = RandomLlama.small().load();
    private static final int[] IDS = new Random(1).ints(12, 0, MODEL.config().vocabSize()).toArray();

    @AfterAll
    static void close() {
        MODEL.close();
    }

    @Test
    void aSiluIsBoundedBelowAndNotAbove() {
        GateRange range = GateRange.of(new float[] {-1.2784645f, 0, 1, 40});
        assertEquals(-0.27846454, range.low(), 1e-7);
        assertEquals(40, range.high(), 1e-6);
        assertEquals(0.5, range.outside());
    }

    /** The MLP's product is the gate times up_proj: dividing by that gives the gate back. */
    @Test
    void itIsTheFactorThatTheModelMultipliesBy() {
        List<float[]> normed = read(Site.LN2_OUT);
        List<float[]> post = read(Site.MLP_POST);
        List<GateRange> ranges = GateRange.measure(MODEL, IDS, Progress.NONE);
        assertEquals(MODEL.config().numHiddenLayers(), ranges.size());
        for (int layer = 0; layer < ranges.size(); layer++) {
            double low = Double.POSITIVE_INFINITY;
            double high = Double.NEGATIVE_INFINITY;
            float[] up = up(layer, normed.get(layer));
            for (int i = 0; i < up.length; i++) {
                if (Math.abs(up[i]) > 1e-3) {
                    low = Math.min(low, post.get(layer)[i] / up[i]);
                    high = Math.max(high, post.get(layer)[i] / up[i]);
                }
            }
            assertEquals(high, ranges.get(layer).high(), 1e-3 * Math.abs(high));
            assertTrue(low >= ranges.get(layer).low() - 1e-3, low + " below " + ranges.get(layer).low());
        }
    }

    private static float[] up(int layer, float[] normed) {
        try (NDManager scope = MODEL.newScope()) {
            int hidden = MODEL.config().hiddenSize();
            NDArray x = scope.create(normed, new Shape(IDS.length, hidden)); // [T, hidden]
            NDArray weight = scope.create(MODEL.weight(layer, LinearLayer.UP_PROJ), new Shape(MODEL.config().intermediateSize(), hidden));
            return x.matMul(weight.transpose()).toFloatArray(); // [T, intermediate]
        }
    }

    private static List<float[]> read(Site site) {
        List<float[]> seen = new ArrayList<>();
        MODEL.read(IDS, MODEL.config().numHiddenLayers(), List.of(), (run, point, activation) -> {
            if (point.site() == site) {
                seen.add(activation.toFloatArray());
            }
        });
        return seen;
    }
}
