package superweight.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import ai.djl.ndarray.NDManager;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import superweight.InvalidInputException;
import superweight.checkpoint.RandomLlama;
import superweight.model.HookPoint.Site;
import superweight.model.Intervention.ReplaceActivation;
import superweight.model.Intervention.RestoreSuperActivation;

/** A number in the place of one activation of down_proj's output. */
@ParameterizedClass
@MethodSource("superweight.model.ModelVariant#all")
class ReplaceActivationTest {
    private static final RandomLlama TINY = RandomLlama.small();
    private static final int LAYER = 1;
    private static final int CHANNEL = 5;
    private static final int TOKEN = 4;

    private final CausalLM model;
    private final int[] ids;

    ReplaceActivationTest(ModelVariant variant) {
        model = variant.load(TINY);
        ids = Logits.ids(model, 12, 1);
    }

    @AfterEach
    void close() {
        model.close();
    }

    @ParameterizedTest
    @ValueSource(floats = {0, -3, 500})
    void theScoresAreThoseOfTheDefinition(float value) {
        assertLogitsAre(
                List.of(written(TOKEN, value)),
                Logits.of(model, ids, new ReplaceActivation(LAYER, CHANNEL, TOKEN, value)));
    }

    @Test
    void onlyTheOneActivationOfEachTextIsAnother() {
        List<int[]> texts = List.of(ids, Logits.ids(model, TOKEN + 1, 2), Logits.ids(model, TOKEN, 3));
        List<float[]> before = outputs(texts, List.of());
        List<float[]> after = outputs(texts, List.of(new ReplaceActivation(LAYER, CHANNEL, TOKEN, 77)));
        int at = TOKEN * TINY.config().hiddenSize() + CHANNEL;
        for (int text = 0; text < 2; text++) {
            float[] expected = before.get(text).clone();
            expected[at] = 77;
            assertArrayEquals(expected, after.get(text), "text " + text);
        }
        assertArrayEquals(before.get(2), after.get(2), "it has no such token");
    }

    @Test
    void theLastOfSeveralIsWhatStays() {
        Intervention first = new ReplaceActivation(LAYER, CHANNEL, TOKEN, 9);
        Intervention second = new ReplaceActivation(LAYER, CHANNEL, TOKEN, -2);
        assertArrayEquals(Logits.of(model, ids, second), Logits.of(model, ids, first, second));
        assertArrayEquals(Logits.of(model, ids, first), Logits.of(model, ids, second, first));
    }

    @Test
    void activationsAreRestoredAndReplacedInTheOrderOfTheInterventions() {
        Intervention restoring = new RestoreSuperActivation(LAYER, CHANNEL);
        ReferenceForward.Change restored = new ReferenceForward.Restored(TINY, LAYER, CHANNEL);
        for (int token = 0; token < ids.length; token++) { // one of them is the one that is restored
            Intervention replacing = new ReplaceActivation(LAYER, CHANNEL, token, 9);
            assertLogitsAre(List.of(written(token, 9), restored), Logits.of(model, ids, replacing, restoring));
            assertLogitsAre(List.of(restored, written(token, 9)), Logits.of(model, ids, restoring, replacing));
        }
    }

    @ParameterizedTest
    @MethodSource
    void refusesWhatIsNoActivationOrNoNumber(int layer, int channel, int token, float value, String sentence) {
        assertEquals(
                sentence,
                assertThrows(
                                InvalidInputException.class,
                                () -> Logits.of(model, ids, new ReplaceActivation(layer, channel, token, value)))
                        .getMessage());
    }

    static Stream<Arguments> refusesWhatIsNoActivationOrNoNumber() {
        return Stream.of(
                arguments(3, 0, 0, 1f,
                        "There is no layer 3 for model.layers.3.mlp.down_proj.weight: this model's run from 0 to 2."),
                arguments(0, 24, 0, 1f,
                        "There is no channel 24 for model.layers.0.mlp.down_proj.weight:"
                                + " this model's run from 0 to 23."),
                arguments(0, 0, -1, 1f,
                        "An activation is replaced on a token from 0 on by a finite number, not on token -1 by 1.0."),
                arguments(0, 0, 2, Float.NaN,
                        "An activation is replaced on a token from 0 on by a finite number, not on token 2 by NaN."));
    }

    private static ReferenceForward.Change written(int token, float value) {
        return new ReferenceForward.Change() {
            @Override
            public void output(int layer, double[][] post, double[][] out) {
                if (layer == LAYER) {
                    out[token][CHANNEL] = value;
                }
            }
        };
    }

    /** What down_proj gives in {@link #LAYER}, {@code [T * hidden]} for each text. */
    private List<float[]> outputs(List<int[]> texts, List<Intervention> interventions) {
        Map<Integer, float[]> seen = new HashMap<>();
        try (NDManager scope = model.newScope()) {
            model.hiddenStates(scope, texts, interventions, (text, point, activation) -> {
                if (point.equals(new HookPoint(LAYER, Site.MLP_OUT))) {
                    seen.put(text, activation.toFloatArray());
                }
            });
        }
        return texts.stream().map(text -> seen.get(texts.indexOf(text))).toList();
    }

    private void assertLogitsAre(List<ReferenceForward.Change> changes, float[] logits) {
        double[][] expected = ReferenceForward.logits(TINY, ids, changes);
        int vocab = TINY.config().vocabSize();
        for (int i = 0; i < logits.length; i++) {
            assertEquals(expected[i / vocab][i % vocab], logits[i], 1e-4, "score " + i);
        }
    }
}
