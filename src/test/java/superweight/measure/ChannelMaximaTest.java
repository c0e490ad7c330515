package superweight.measure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import superweight.Progress;
import superweight.checkpoint.RandomLlama;
import superweight.model.CausalLM;
import superweight.model.HookPoint;
import superweight.model.HookPoint.Site;
import superweight.model.LinearLayer;

class ChannelMaximaTest {
    private static final RandomLlama TINY = RandomLlama.small();

    @Test
    void everyChannelsMaximumIsOverTheTokensOfAllTexts() {
        try (CausalLM model = TINY.load()) {
            List<int[]> texts = List.of(ids(model, 12, 1), ids(model, 7, 2));
            Map<HookPoint, float[]> expected = new HashMap<>();
            for (int[] text : texts) {
                model.read(text, model.config().numHiddenLayers(), List.of(), (run, point, activation) -> {
                    float[] values = activation.toFloatArray();
                    int channels = values.length / text.length;
                    float[] maxima = expected.computeIfAbsent(point, each -> new float[channels]);
                    for (int i = 0; i < values.length; i++) {
                        maxima[i % channels] = Math.max(maxima[i % channels], Math.abs(values[i]));
                    }
                });
            }
            Set<Site> sites = Set.of(Site.LN1_OUT, Site.MLP_POST);
            ChannelMaxima measured = ChannelMaxima.measure(model, texts, sites, Progress.NONE);
            assertEquals(2 * model.config().numHiddenLayers(), measured.byPoint().size());
            measured.byPoint().keySet().forEach(point ->
                    assertArrayEquals(expected.get(point), measured.at(point), 1e-5f, point.toString()));
            assertThrows(IllegalArgumentException.class, () -> measured.at(new HookPoint(0, Site.LN2_OUT)));
        }
    }

    @Test
    void thePeakStandsOutMostInItsOwnLayer() {
        ChannelMaxima maxima = new ChannelMaxima(Map.of(
                new HookPoint(0, Site.LN1_OUT), new float[] {100, 90, 80},
                new HookPoint(1, Site.LN1_OUT), new float[] {1, 2, 30},
                new HookPoint(2, Site.MLP_POST), new float[] {1, 1, 1000}));
        assertEquals(
                new ChannelMaxima.Peak(new HookPoint(1, Site.LN1_OUT), 2, 30, 15), maxima.peak(Site.LN1_OUT));
        assertThrows(IllegalArgumentException.class, () -> maxima.peak(Site.Z));
    }

    @Test
    void aModelThatLeavesFloat32HasNone() {
        String name = LinearLayer.UP_PROJ.weightName(0);
        float[] huge = new float[TINY.weights().get(name).length];
        Arrays.fill(huge, 3e38f);
        try (CausalLM model = TINY.with(name, huge).load()) {
            assertEquals(
                    "The model's activation is not a finite number: under these interventions its activations leave"
                            + " the range of float32.",
                    assertThrows(
                                    ArithmeticException.class,
                                    () -> ChannelMaxima.measure(
                                            model, List.of(ids(model, 9, 1)), Set.of(Site.MLP_POST), Progress.NONE))
                            .getMessage());
        }
    }

    private static int[] ids(CausalLM model, int length, long seed) {
        return new Random(seed).ints(length, 0, model.config().vocabSize()).toArray();
    }
}
