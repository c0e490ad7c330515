package superweight.measure;

import ai.djl.ndarray.NDList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import superweight.Progress;
import superweight.model.CausalLM;
import superweight.model.Intervention;

/**
 * A greedy continuation: the likeliest token, again and again.
 *
 * @param promptIds the prompt
 * @param ids the new tokens
 * @param text prompt and continuation
 */
public record Generation(List<Integer> promptIds, List<Integer> ids, String text) {

    /**
     * Continues a prompt.
     *
     * @param tokens new tokens at most
     * @param end the token after which to stop; empty to go on regardless
     */
    public static Generation greedy(
            CausalLM model,
            int[] promptIds,
            List<Intervention> interventions,
            int tokens,
            OptionalInt end,
            Progress progress) {
        return greedyAll(model, List.of(promptIds), interventions, tokens, end, progress).get(0);
    }

    /**
     * Continues several prompts together, which takes less time than one after the other.
     *
     * @return one continuation a prompt, in their order
     */
    public static List<Generation> greedyAll(
            CausalLM model,
            List<int[]> prompts,
            List<Intervention> interventions,
            int tokens,
            OptionalInt end,
            Progress progress) {
        List<Generation> all = new ArrayList<>();
        for (List<int[]> some : Batches.of(model, prompts, ids -> ids.length + tokens, 1)) {
            Step step = new Step(model.identity(), some, interventions, tokens, end.stream().boxed().toList());
            Progress part = progress.between(
                    (double) all.size() / prompts.size(), (double) (all.size() + some.size()) / prompts.size());
            all.addAll(part.step(step, Generation.class,
                    () -> measured(model, some, interventions, tokens, end, part)));
        }
        return all;
    }

    /** All that some continuations depend on. */
    private record Step(
            CausalLM.Identity model,
            List<int[]> prompts,
            List<Intervention> interventions,
            int tokens,
            List<Integer> end) {}

    private static List<Generation> measured(
            CausalLM model,
            List<int[]> prompts,
            List<Intervention> interventions,
            int tokens,
            OptionalInt end,
            Progress progress) {
        Condition condition = new Condition("greedy", interventions);
        List<int[]> texts = new ArrayList<>(prompts);
        List<Integer> open = IntStream.range(0, prompts.size()).boxed().toList();
        for (int token = 0; token < tokens && !open.isEmpty(); token++) {
            int[] next = likeliest(model, open.stream().map(texts::get).toList(), condition);
            List<Integer> goOn = new ArrayList<>();
            for (int i = 0; i < next.length; i++) {
                if (end.isEmpty() || next[i] != end.getAsInt()) {
                    int text = open.get(i);
                    texts.set(text, IntStream.concat(Arrays.stream(texts.get(text)), IntStream.of(next[i])).toArray());
                    goOn.add(text);
                }
            }
            open = goOn;
            progress.at((token + 1.0) / tokens, "token");
        }
        return IntStream.range(0, prompts.size()).mapToObj(i -> of(model, prompts.get(i), texts.get(i))).toList();
    }

    private static Generation of(CausalLM model, int[] promptIds, int[] text) {
        return new Generation(
                Arrays.stream(promptIds).boxed().toList(),
                Arrays.stream(text, promptIds.length, text.length).boxed().toList(),
                model.tokenizer().decode(text));
    }

    /**
     * The likeliest next token of each text.
     *
     * @throws ArithmeticException if a score is not a finite number
     */
    private static int[] likeliest(CausalLM model, List<int[]> texts, Condition condition) {
        int[] likeliest = new int[texts.size()];
        List<LastStates.Wanted> wanted = texts.stream().map(LastStates.Wanted::afterLast).toList();
        LastLogits.read(model, wanted, List.of(condition), Progress.NONE, (run, first, logits) -> {
            NDList top = logits.topK(1, 1, true, true); // scores and ids, each [rows, 1]
            float[] scores = top.get(0).toFloatArray();
            long[] ids = top.get(1).toLongArray();
            for (int row = 0; row < ids.length; row++) {
                if (!Float.isFinite(scores[row])) { // NaN counts as the largest
                    throw Overflow.of("scores are not all finite numbers");
                }
                likeliest[first + row] = Math.toIntExact(ids[row]);
            }
        });
        return likeliest;
    }
}
