package superweight.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import superweight.checkpoint.RandomLlama;
import superweight.model.HookPoint.Site;
import superweight.model.Intervention.MapInput;

/** All activations of one token times a factor. */
class ScaledTokenTest {
    private static final CausalLM MODEL = RandomLlama.small().load();
    private static final int LAYER = 1;
    private static final int HIDDEN = MODEL.config().hiddenSize();

    @AfterAll
    static void close() {
        MODEL.close();
    }

    @Test
    void asDownProjsInputItScalesWhatTheMlpAddsToThatTokenInEveryChannel() {
        int[] ids = Logits.ids(MODEL, 6, 1);
        float[] before = output(ids, List.of());
        float[] expected = before.clone();
        for (int i = 4 * HIDDEN; i < 5 * HIDDEN; i++) {
            expected[i] *= -0.5f;
        }
        assertArrayEquals(expected, output(ids, scaled(4, -0.5)), 1e-6f);
    }

    @Test
    void aShorterTextStaysAsItIs() {
        int[] ids = Logits.ids(MODEL, 4, 1);
        assertArrayEquals(output(ids, List.of()), output(ids, scaled(4, 0)));
    }

    @Test
    void otherTextsOfTheRunAndTheWeightsAreLeftAlone() {
        int[] ids = Logits.ids(MODEL, 6, 1);
        float[] before = output(ids, List.of());
        output(ids, scaled(0, 7));
        assertArrayEquals(before, output(ids, List.of()));
    }

    @Test
    void equalOnesAreEqualSoThatRunsShareTheirWork() {
        assertEquals(new ScaledToken(0, 0.5), new ScaledToken(0, 0.5));
    }

    private static List<Intervention> scaled(int token, double factor) {
        return List.of(new MapInput(LAYER, LinearLayer.DOWN_PROJ, new ScaledToken(token, factor)));
    }

    private static float[] output(int[] ids, List<Intervention> interventions) {
        List<float[]> seen = new ArrayList<>();
        MODEL.read(ids, LAYER + 1, interventions, (run, point, activation) -> {
            if (point.equals(new HookPoint(LAYER, Site.MLP_OUT))) {
                seen.add(activation.toFloatArray());
            }
        });
        return seen.get(0);
    }
}
