package superweight.measure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import superweight.Progress;
import superweight.checkpoint.RandomLlama;
import superweight.measure.ChannelMaxima.Place;
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
            List<HookPoint> inOrder = IntStream.range(0, model.config().numHiddenLayers()).boxed()
                    .flatMap(layer -> Stream.of(Site.LN1_OUT, Site.MLP_POST).map(site -> new HookPoint(layer, site)))
                    .toList();
            assertEquals(inOrder, measured.places().stream().map(Place::point).toList());
            inOrder.forEach(point ->
                    assertArrayEquals(expected.get(point), measured.at(point), 1e-5f, point.toString()));
            assertThrows(IllegalArgumentException.class, () -> measured.at(new HookPoint(0, Site.LN2_OUT)));
        }
    }

    @Test
    void thePeakStandsOutMostInItsOwnLayer() {
        ChannelMaxima maxima = new ChannelMaxima(List.of(
                new Place(new HookPoint(0, Site.LN1_OUT), new float[] {100, 90, 80}),
                new Place(new HookPoint(1, Site.LN1_OUT), new float[] {1, 2, 30}),
                new Place(new HookPoint(2, Site.MLP_POST), new float[] {1, 1, 1000})));
        assertEquals(
                new ChannelMaxima.Peak(new HookPoint(1, Site.LN1_OUT), 2, 30, 15), maxima.peak(Site.LN1_OUT));
        assertThrows(IllegalArgumentException.class, () -> maxima.peak(Site.Z));
    }

    @Test
    void whatIsTakenOutMayBeWrittenTo() {
        HookPoint point = new HookPoint(0, Site.LN1_OUT);
        ChannelMaxima maxima = new ChannelMaxima(List.of(new Place(point, new float[] {1, 2})));
        maxima.at(point)[0] = 9;
        assertArrayEquals(new float[] {1, 2}, maxima.at(point));
    }

    /** Of a model so wide that five texts are two batches. */
    @Test
    void aBatchIsAStepAndTheMaximaAreThoseOfAllSteps() {
        try (CausalLM model = RandomLlama.of(RandomLlama.config(1, 4096, 8, 1, 2, true), 1).load()) {
            List<int[]> texts = LongStream.range(0, 5).mapToObj(seed -> ids(model, 1000, seed)).toList();
            List<Record> steps = new ArrayList<>();
            Progress counting = new Progress() {
                @Override
                public void at(double fraction, String what) {}

                @Override
                public <R extends Record> List<R> step(Record inputs, Class<R> type, Supplier<List<R>> measurement) {
                    steps.add(inputs);
                    return measurement.get();
                }
            };
            HookPoint point = new HookPoint(0, Site.MLP_POST);
            float[] all = ChannelMaxima.measure(model, texts, Set.of(Site.MLP_POST), counting).at(point);
            assertEquals(2, steps.size());
            float[] expected = new float[all.length];
            for (int[] text : texts) {
                float[] one = ChannelMaxima.measure(
                        model, List.of(text), Set.of(Site.MLP_POST), Progress.NONE).at(point);
                IntStream.range(0, one.length).forEach(i -> expected[i] = Math.max(expected[i], one[i]));
            }
            assertArrayEquals(expected, all, 1e-6f);
        }
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
