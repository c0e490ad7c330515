package superweight.measure;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import superweight.model.ActivationReader;
import superweight.model.CausalLM;
import superweight.model.Intervention;

/**
 * A token that may come next.
 *
 * @param id its place in the vocabulary
 * @param logit the model's score
 * @param probability softmax of the scores over the whole vocabulary
 */
public record NextToken(int id, float logit, float probability) {

    /**
     * The likeliest tokens after some ids, likeliest first.
     *
     * @throws ArithmeticException if a score is not a finite number
     */
    public static List<NextToken> top(
            CausalLM model, int[] ids, List<Intervention> interventions, int count) {
        float[] logits;
        float[] probabilities;
        try (NDManager scope = model.newScope()) {
            NDArray hidden = model.hiddenStates(
                            scope, List.of(ids), interventions, ActivationReader.NONE)
                    .get(0);
            NDArray last = model.logits(hidden.get(new NDIndex("-1:"))); // [1, vocab]
            logits = last.toFloatArray();
            probabilities = last.softmax(-1).toFloatArray();
        }
        for (float logit : logits) {
            if (!Float.isFinite(logit)) {
                throw Overflow.of("scores are not all finite numbers");
            }
        }
        return IntStream.range(0, logits.length)
                .boxed()
                .sorted(Comparator.<Integer>comparingDouble(id -> -logits[id]))
                .limit(count)
                .map(id -> new NextToken(id, logits[id], probabilities[id]))
                .toList();
    }
}
