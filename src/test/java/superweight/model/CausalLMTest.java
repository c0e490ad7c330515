package superweight.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import superweight.InvalidInputException;
import superweight.checkpoint.RandomLlama;
import superweight.model.HookPoint.Site;

@ParameterizedClass
@EnumSource
class CausalLMTest {
    private static final int SITES = Site.values().length - 1; // attention patterns are for those only who ask
    private static final RandomLlama TINY = RandomLlama.small();
    private static final int HIDDEN = TINY.config().hiddenSize();
    private static final int INTERMEDIATE = TINY.config().intermediateSize();

    private final CausalLM model;

    private record Seen(int sequence, String point, Shape shape) {}

    CausalLMTest(KernelChoice kernels) {
        model = TINY.load(kernels);
    }

    @AfterEach
    void close() {
        model.close();
    }

    @Test
    void everyWeightIsTheCheckpoints() {
        for (int layer = 0; layer < TINY.config().numHiddenLayers(); layer++) {
            for (LinearLayer matrix : LinearLayer.values()) {
                String name = matrix.weightName(layer);
                assertArrayEquals(TINY.weights().get(name), model.weight(layer, matrix), name);
                try (NDManager scope = model.newScope()) {
                    NDArray outside = model.weight(layer, matrix, scope);
                    assertEquals(
                            new Shape(matrix.outFeatures(TINY.config()), matrix.inFeatures(TINY.config())),
                            outside.getShape());
                    assertArrayEquals(TINY.weights().get(name), outside.toFloatArray(), name);
                    outside.muli(2); // a copy: the model stays what it was
                }
                assertArrayEquals(TINY.weights().get(name), model.weight(layer, matrix), name);
            }
        }
    }

    @Test
    void severalSequencesInOneWalkGiveWhatEachGivesAlone() {
        List<int[]> sequences = new ArrayList<>();
        for (int length : new int[] {7, 1, 300, 7, 33}) {
            sequences.add(Logits.ids(model, length, length + sequences.size()));
        }
        List<Intervention> interventions = List.of(Intervention.scale(new Coordinate(1, 3, 5), -4));
        List<float[]> together = Logits.of(model, sequences, interventions);
        assertEquals(sequences.size(), together.size());
        for (int i = 0; i < sequences.size(); i++) {
            float[] alone = Logits.of(model, List.of(sequences.get(i)), interventions).get(0);
            assertArrayEquals(alone, together.get(i), 1e-5f, "sequence " + i);
        }
    }

    @Test
    void aLaterTokenChangesNothingBeforeIt() {
        int[] ids = Logits.ids(model, 20, 1);
        float[] before = Logits.of(model, ids);
        ids[15] = (ids[15] + 1) % TINY.config().vocabSize();
        float[] after = Logits.of(model, ids);
        int same = 15 * TINY.config().vocabSize();
        assertArrayEquals(
                Arrays.copyOf(before, same), Arrays.copyOf(after, same), 1e-6f);
    }

    @Test
    void theReaderMeetsEveryHookPointInOrderUnderTransformerLensNames() {
        List<Seen> expected = new ArrayList<>();
        for (int layer = 0; layer < TINY.config().numHiddenLayers(); layer++) {
            String block = "blocks." + layer + ".";
            for (String name : List.of(
                    "hook_resid_pre", "ln1.hook_out", "attn.hook_z", "hook_attn_out", "hook_resid_mid",
                    "ln2.hook_out", "mlp.hook_post", "hook_mlp_out", "hook_resid_post")) {
                int width = switch (name) {
                    case "mlp.hook_post" -> INTERMEDIATE;
                    case "attn.hook_z" -> TINY.config().numAttentionHeads() * TINY.config().headDim();
                    default -> HIDDEN;
                };
                expected.add(new Seen(0, block + name, new Shape(5, width)));
                expected.add(new Seen(1, block + name, new Shape(3, width)));
            }
        }
        List<Seen> seen = new ArrayList<>();
        List<int[]> sequences = List.of(Logits.ids(model, 5, 1), Logits.ids(model, 3, 2));
        try (NDManager scope = model.newScope()) {
            model.hiddenStates(scope, sequences, List.of(), (sequence, point, x) ->
                    seen.add(new Seen(sequence, point.toString(), x.getShape())));
        }
        assertEquals(expected, seen);
    }

    @Test
    void readingTheFirstLayersRunsNoOthers() {
        int[] ids = Logits.ids(model, 9, 1);
        Map<HookPoint, float[]> all = activations();
        for (int layers = 0; layers <= TINY.config().numHiddenLayers(); layers++) {
            Map<HookPoint, float[]> seen = new HashMap<>();
            model.read(ids, layers, List.of(), (sequence, point, x) -> seen.put(point, x.toFloatArray()));
            assertEquals(layers * SITES, seen.size());
            seen.forEach((point, activation) -> assertArrayEquals(all.get(point), activation, point.toString()));
        }
    }

    @Test
    void theResidualStreamIsTheSumOfWhatIsAddedToIt() {
        Map<HookPoint, float[]> seen = activations();
        for (int layer = 0; layer < TINY.config().numHiddenLayers(); layer++) {
            float[] pre = seen.get(new HookPoint(layer, Site.RESID_PRE));
            float[] mid = seen.get(new HookPoint(layer, Site.RESID_MID));
            assertArrayEquals(mid, sum(pre, seen.get(new HookPoint(layer, Site.ATTN_OUT))));
            float[] post = seen.get(new HookPoint(layer, Site.RESID_POST));
            assertArrayEquals(post, sum(mid, seen.get(new HookPoint(layer, Site.MLP_OUT))));
            if (layer > 0) {
                assertArrayEquals(seen.get(new HookPoint(layer - 1, Site.RESID_POST)), pre);
            }
        }
    }

    @Test
    void whatTheMlpAddsIsItsActivationTimesDownProj() {
        Map<HookPoint, float[]> seen = activations();
        for (int layer = 0; layer < TINY.config().numHiddenLayers(); layer++) {
            float[] post = seen.get(new HookPoint(layer, Site.MLP_POST));
            float[] out = seen.get(new HookPoint(layer, Site.MLP_OUT));
            float[] downProj = model.weight(layer, LinearLayer.DOWN_PROJ);
            for (int i = 0; i < out.length; i++) {
                double expected = 0;
                for (int column = 0; column < INTERMEDIATE; column++) {
                    expected += (double) post[i / HIDDEN * INTERMEDIATE + column]
                            * downProj[i % HIDDEN * INTERMEDIATE + column];
                }
                assertEquals(expected, out[i], 1e-5, "layer " + layer);
            }
        }
    }

    @Test
    void refusesMoreTokensThanTheModelCanSeeAtOnce() {
        int most = TINY.config().maxPositionEmbeddings();
        assertEquals(most * TINY.config().vocabSize(), Logits.of(model, new int[most]).length);
        assertEquals("The model can be run on 1024 tokens at once at most, but the text has 1025.",
                assertThrows(InvalidInputException.class, () -> Logits.of(model, new int[most + 1])).getMessage());
    }

    private Map<HookPoint, float[]> activations() {
        Map<HookPoint, float[]> seen = new HashMap<>();
        try (NDManager scope = model.newScope()) {
            model.hiddenStates(scope, List.of(Logits.ids(model, 9, 1)), List.of(), (sequence, point, x) ->
                    seen.put(point, x.toFloatArray()));
        }
        return seen;
    }

    private static float[] sum(float[] a, float[] b) {
        float[] sum = a.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += b[i];
        }
        return sum;
    }
}
