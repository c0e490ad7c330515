package superweight.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import superweight.Progress;
import superweight.checkpoint.RandomLlama;
import superweight.model.CausalLM;
import superweight.model.Coordinate;
import superweight.model.Intervention;
import superweight.model.Intervention.ReplaceActivation;

class SuperActivationTest {
    private static final CausalLM MODEL = RandomLlama.small().load();
    private static final Coordinate AT = new Coordinate(1, 5, 8);
    private static final List<int[]> TEXTS = List.of(ids(12, 1), ids(1, 2), ids(30, 3));

    @AfterAll
    static void close() {
        MODEL.close();
    }

    /** The paper's way to restore it is the definition: what it writes is what was measured, where it was. */
    @Test
    void writtenBackOnItsTokenItIsTheSuperActivationRestored() {
        List<SuperActivation> measured = SuperActivation.measureAll(MODEL, TEXTS, AT, Progress.NONE);
        Intervention prune = Intervention.prune(AT);
        for (int text = 0; text < TEXTS.size(); text++) {
            SuperActivation one = measured.get(text);
            ActivationTrace restored = trace(text, prune, Intervention.restoreSuperActivation(AT));
            ActivationTrace replaced =
                    trace(text, prune, new ReplaceActivation(1, 5, one.token(), one.value()));
            for (int token = 0; token < TEXTS.get(text).length; token++) {
                for (int layer = 1; layer < 3; layer++) {
                    assertEquals(restored.channelAt(token)[layer], replaced.channelAt(token)[layer], 1e-5);
                }
            }
        }
    }

    private static ActivationTrace trace(int text, Intervention... interventions) {
        return ActivationTrace.measureAll(
                MODEL,
                List.of(TEXTS.get(text)),
                List.of(new Condition("changed", List.of(interventions))),
                AT.row(),
                Progress.NONE).get(0).get(0);
    }

    private static int[] ids(int length, long seed) {
        return new Random(seed).ints(length, 0, MODEL.config().vocabSize()).toArray();
    }
}
