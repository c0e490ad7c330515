package superweight.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import superweight.Progress;
import superweight.checkpoint.RandomLlama;
import superweight.model.HookPoint.Site;

/** Who attends to whom, as a reader sees it who asks. */
@ParameterizedClass
@MethodSource("superweight.model.ModelVariant#all")
class AttentionPatternTest {
    private static final RandomLlama TINY = RandomLlama.small();
    private static final int LAYERS = TINY.config().numHiddenLayers();
    private static final int HEADS = TINY.config().numAttentionHeads();

    private final CausalLM model;

    AttentionPatternTest(ModelVariant variant) {
        model = variant.load(TINY);
    }

    @AfterEach
    void close() {
        model.close();
    }

    @Test
    void itIsThatOfTheDefinition() {
        int[] ids = Logits.ids(model, 13, 1);
        float[][] expected = new float[LAYERS][HEADS * 13 * 13];
        ReferenceForward.logits(TINY, ids, List.of(new ReferenceForward.Change() {
            @Override
            public void pattern(int layer, int head, int query, double[] probabilities) {
                for (int key = 0; key <= query; key++) {
                    expected[layer][(head * 13 + query) * 13 + key] = (float) probabilities[key];
                }
            }
        }));
        List<float[]> seen = patterns(List.of(Sequence.of(ids))).get(0);
        for (int layer = 0; layer < LAYERS; layer++) {
            assertArrayEquals(expected[layer], seen.get(layer), 1e-5f, "layer " + layer);
        }
    }

    @Test
    void textsOfDifferentLengthAreShownAsTheyAreAlone() {
        List<Sequence> texts = List.of(
                Sequence.of(Logits.ids(model, 7, 1)), Sequence.of(Logits.ids(model, 1, 2)),
                Sequence.of(Logits.ids(model, 20, 3)));
        Map<Integer, List<float[]>> together = patterns(texts);
        for (int text = 0; text < texts.size(); text++) {
            assertSame(patterns(List.of(texts.get(text))).get(0), together.get(text));
        }
    }

    /** Each ending sees the beginning and itself; so a row of the whole holds one text's row and zeros. */
    @Test
    void endingsDoNotSeeEachOther() {
        int[] first = {1, 2, 3, 4, 5, 6};
        int[] second = {1, 2, 3, 7, 8};
        List<float[]> both = patterns(List.of(Sequence.sharingTheirBeginning(List.of(first, second)))).get(0);
        List<float[]> alone = patterns(List.of(Sequence.of(second))).get(0);
        int all = 8; // three tokens that both begin with, then three and two
        for (int layer = 0; layer < LAYERS; layer++) {
            for (int head = 0; head < HEADS; head++) {
                float[] row = row(both.get(layer), all, head, 7);
                float[] expected = row(alone.get(layer), 5, head, 4);
                assertArrayEquals(
                        new float[] {expected[0], expected[1], expected[2], 0, 0, 0, expected[3], expected[4]},
                        row,
                        1e-5f);
            }
        }
    }

    @Test
    void nobodyIsShownItWhoDoesNotAsk() {
        List<Site> seen = new ArrayList<>();
        model.read(Logits.ids(model, 5, 1), 1, List.of(), (run, point, activation) -> seen.add(point.site()));
        assertEquals(
                Arrays.stream(Site.values()).filter(site -> site != Site.PATTERN).toList(), seen);
    }

    /** For each text, the pattern of each layer, {@code [heads * T * T]}. */
    private Map<Integer, List<float[]>> patterns(List<Sequence> texts) {
        Map<Integer, List<float[]>> seen = new HashMap<>();
        List<ForwardPass> runs = new ArrayList<>();
        for (int text = 0; text < texts.size(); text++) {
            runs.add(ForwardPass.original(text));
        }
        try (Walk walk = model.walk(texts, LAYERS)) {
            walk.through(runs, new ActivationReader() {
                @Override
                public boolean reads(Site site) {
                    return site == Site.PATTERN;
                }

                @Override
                public void read(int run, HookPoint point, NDArray pattern) {
                    int tokens = texts.get(run).tokens();
                    List<float[]> layers = seen.computeIfAbsent(run, each -> new ArrayList<>());
                    assertEquals("blocks." + layers.size() + ".attn.hook_pattern", point.toString());
                    assertEquals(new Shape(HEADS, tokens, tokens), pattern.getShape());
                    layers.add(pattern.toFloatArray());
                }
            }, Progress.NONE);
        }
        return seen;
    }

    private static float[] row(float[] pattern, int tokens, int head, int query) {
        int from = (head * tokens + query) * tokens;
        return Arrays.copyOfRange(pattern, from, from + tokens);
    }

    private static void assertSame(List<float[]> expected, List<float[]> found) {
        assertEquals(expected.size(), found.size());
        for (int layer = 0; layer < expected.size(); layer++) {
            assertArrayEquals(expected.get(layer), found.get(layer), 1e-5f, "layer " + layer);
        }
    }
}
