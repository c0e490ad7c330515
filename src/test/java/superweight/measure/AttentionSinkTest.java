package superweight.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import superweight.InvalidInputException;
import superweight.Progress;
import superweight.checkpoint.RandomLlama;
import superweight.model.CausalLM;
import superweight.model.Intervention;
import superweight.model.LinearLayer;

class AttentionSinkTest {
    private static final RandomLlama TINY = RandomLlama.small();
    private static final List<int[]> TEXTS = List.of(new int[] {3, 1, 4, 1, 5}, new int[] {9, 2});

    /** The mean over the queries after the first token of 1/2, 1/3, 1/4, 1/5. */
    private static final double EVEN = (1 / 2.0 + 1 / 3.0 + 1 / 4.0 + 1 / 5.0) / 4;

    @Test
    void evenAttentionIsWhatATokenSpreadsOverAllThatItSees() {
        assertEquals(EVEN, new AttentionSink(5, List.of(1.0)).even(), 1e-12);
        assertEquals(0.5, new AttentionSink(2, List.of(1.0)).even(), 1e-12);
    }

    @Test
    void theMeanOfTheLaterLayersLeavesOutTheOthers() {
        AttentionSink sink = new AttentionSink(5, List.of(1.0, 0.5, 0.25));
        assertEquals(1.75 / 3, sink.from(0), 1e-12);
        assertEquals(0.375, sink.from(1), 1e-12);
        assertEquals(0.25, sink.from(2), 1e-12);
    }

    /** Queries of zeros attend evenly; that only the one condition and layer do tells conditions and layers apart. */
    @Test
    void withoutQueriesEveryTokenAttendsEvenly() {
        try (CausalLM model = TINY.load()) {
            List<Condition> conditions = List.of(Condition.ORIGINAL, new Condition("even", List.of(noQueries(1))));
            List<List<AttentionSink>> sinks = AttentionSink.measureAll(model, TEXTS, conditions, Progress.NONE);
            AttentionSink original = sinks.get(0).get(0);
            AttentionSink even = sinks.get(1).get(0);
            assertEquals(original.layers().get(0), even.layers().get(0), 1e-6);
            assertEquals(EVEN, even.layers().get(1), 1e-6);
            assertEquals(0.5, sinks.get(1).get(1).layers().get(1), 1e-6);
            assertTrue(Math.abs(original.layers().get(1) - EVEN) > 1e-3);
        }
    }

    @Test
    void aTextWithoutATokenAfterTheFirstIsRefused() {
        try (CausalLM model = TINY.load()) {
            List<int[]> texts = List.of(new int[] {1, 2}, new int[] {1});
            assertEquals(
                    "Attention to the first token is measured on texts of at least 2 tokens, but one has fewer.",
                    assertThrows(InvalidInputException.class, () -> AttentionSink.measureAll(
                            model, texts, List.of(Condition.ORIGINAL), Progress.NONE)).getMessage());
        }
    }

    private static Intervention noQueries(int layer) {
        return new Intervention.MapWeights(layer, LinearLayer.Q_PROJ, weight -> weight.mul(0));
    }
}
