package superweight.measure;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
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
        try (NDManager scope = model.newScope()) {
            NDArray hidden = model.hiddenStates(
                            scope, List.of(ids), interventions, ActivationReader.NONE)
                    .get(0);
            NDArray logits = model.lmHead(scope).logits(hidden.get(new NDIndex("-1:"))); // [1, vocab]
            int shown = Math.min(count, model.config().vocabSize());
            NDList top = logits.topK(shown, 1, true, true); // scores and ids, each [1, shown]
            long[] best = top.get(1).toLongArray();
            float[] scores = top.get(0).toFloatArray();
            if (!Float.isFinite(scores[0])) { // NaN counts as the largest
                throw Overflow.of("scores are not all finite numbers");
            }
            float[] probabilities = logits.softmax(-1).gather(top.get(1), 1).toFloatArray();
            return IntStream.range(0, shown)
                    .mapToObj(i -> new NextToken(Math.toIntExact(best[i]), scores[i], probabilities[i]))
                    .toList();
        }
    }
}
