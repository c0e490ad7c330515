package superweight.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import superweight.InvalidInputException;
import superweight.checkpoint.RandomLlama;
import superweight.model.HookPoint.Site;
import superweight.model.Intervention.ChangeSuperActivation;
import superweight.model.SuperActivationChange.SetTo;
import superweight.model.SuperActivationChange.TokenTimes;

/** A change to a super activation on whichever token it sits. */
class ChangeSuperActivationTest {
    private static final int LAYER = 1;
    private static final int CHANNEL = 5;
    private static final CausalLM MODEL = RandomLlama.small().load();
    private static final int HIDDEN = MODEL.config().hiddenSize();
    private static final List<int[]> TEXTS =
            IntStream.range(0, 6).mapToObj(seed -> Logits.ids(MODEL, 12, seed)).toList();

    @AfterAll
    static void close() {
        MODEL.close();
    }

    @Test
    void theNumberIsWrittenWhereTheChannelIsLargestAndNowhereElse() {
        Set<Integer> tokens = new HashSet<>();
        for (int[] text : TEXTS) {
            float[] expected = output(text);
            int token = largest(expected);
            expected[token * HIDDEN + CHANNEL] = -7;
            assertArrayEquals(expected, output(text, change(new SetTo(-7))));
            tokens.add(token);
        }
        assertTrue(tokens.size() > 2, () -> "these texts have it on tokens of their own: " + tokens);
    }

    @Test
    void allThatTheMlpAddsToThatTokenIsScaledAlike() {
        for (int[] text : TEXTS) {
            float[] expected = output(text);
            int token = largest(expected);
            for (int i = token * HIDDEN; i < (token + 1) * HIDDEN; i++) {
                expected[i] *= -0.5f;
            }
            assertArrayEquals(expected, output(text, change(new TokenTimes(-0.5f))));
        }
    }

    /** Without the weight the channel may be largest elsewhere; the original one says where the activation belongs. */
    @Test
    void theTokenIsTheOriginalWeightsWhateverElseIsPruned() {
        int moved = 0;
        for (int[] text : TEXTS) {
            float[] original = output(text);
            int token = largest(original);
            for (int column = 0; column < MODEL.config().intermediateSize(); column++) {
                Intervention prune = Intervention.scale(new Coordinate(LAYER, CHANNEL, column), -40);
                float[] expected = output(text, prune);
                moved += largest(expected) == token ? 0 : 1;
                expected[token * HIDDEN + CHANNEL] = 3;
                assertArrayEquals(expected, output(text, prune, change(new SetTo(3))));
                assertArrayEquals(expected, output(text, change(new SetTo(3)), prune));
            }
        }
        assertNotEquals(0, moved, "some of these weights move the largest activation");
    }

    @Test
    void manyTextsAtOnceAreEachChangedOnTheirOwnToken() {
        List<float[]> together = outputs(TEXTS, change(new SetTo(50)));
        for (int i = 0; i < TEXTS.size(); i++) {
            assertArrayEquals(output(TEXTS.get(i), change(new SetTo(50))), together.get(i), 1e-4f);
        }
    }

    @Test
    void changesByOneAndToItsOwnValueChangeNothing() {
        for (int[] text : TEXTS) {
            float[] original = output(text);
            float own = original[largest(original) * HIDDEN + CHANNEL];
            assertArrayEquals(original, output(text, change(new TokenTimes(1))));
            assertArrayEquals(original, output(text, change(new SetTo(own))));
        }
    }

    @Test
    void refusesWhatIsNoNumberAndNoActivation() {
        assertEquals("A super activation is changed by a finite number, not by NaN.",
                assertThrows(InvalidInputException.class, () -> new SetTo(Float.NaN)).getMessage());
        assertThrows(InvalidInputException.class, () -> new TokenTimes(Float.POSITIVE_INFINITY));
        Intervention elsewhere = new ChangeSuperActivation(LAYER, HIDDEN, new SetTo(1));
        assertEquals("There is no channel 24 for model.layers.1.mlp.down_proj.weight: this model's run from 0 to 23.",
                assertThrows(InvalidInputException.class, () -> output(TEXTS.get(0), elsewhere)).getMessage());
    }

    private static Intervention change(SuperActivationChange change) {
        return new ChangeSuperActivation(LAYER, CHANNEL, change);
    }

    private static int largest(float[] output) {
        return IntStream.range(0, output.length / HIDDEN)
                .reduce(0, (best, token) -> Math.abs(output[token * HIDDEN + CHANNEL])
                        > Math.abs(output[best * HIDDEN + CHANNEL]) ? token : best);
    }

    private static float[] output(int[] text, Intervention... interventions) {
        return outputs(List.of(text), interventions).get(0);
    }

    /** What down_proj gives in {@link #LAYER}, {@code [T * hidden]} for each text. */
    private static List<float[]> outputs(List<int[]> texts, Intervention... interventions) {
        float[][] seen = new float[texts.size()][];
        try (var scope = MODEL.newScope()) {
            MODEL.hiddenStates(scope, texts, List.of(interventions), (text, point, activation) -> {
                if (point.equals(new HookPoint(LAYER, Site.MLP_OUT))) {
                    seen[text] = activation.toFloatArray();
                }
            });
        }
        return new ArrayList<>(List.of(seen));
    }
}
