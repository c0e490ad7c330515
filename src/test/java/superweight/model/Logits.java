package superweight.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Random;

/** The library's scores for some token ids, and token ids to score. */
final class Logits {
    private Logits() {}

    /** Scores after every position of every sequence: {@code [T * vocab]} each. */
    static List<float[]> of(CausalLM model, List<int[]> sequences, List<Intervention> interventions) {
        try (NDManager scope = model.newScope()) {
            return model.hiddenStates(scope, sequences, interventions, ActivationReader.NONE).stream()
                    .map(model.lmHead(scope)::logits)
                    .map(NDArray::toFloatArray)
                    .toList();
        }
    }

    static float[] of(CausalLM model, int[] ids, Intervention... interventions) {
        return of(model, List.of(ids), List.of(interventions)).get(0);
    }

    static int[] ids(CausalLM model, int length, long seed) {
        return new Random(seed).ints(length, 0, model.config().vocabSize()).toArray();
    }
}
