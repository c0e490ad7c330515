package superweight.measure;

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
        Step step = new Step(model.identity(), promptIds, interventions, tokens, end.stream().boxed().toList());
        return progress.step(step, Generation.class, () -> List.of(
                        measured(model, promptIds, interventions, tokens, end, progress)))
                .get(0);
    }

    /** All that a continuation depends on. */
    private record Step(
            CausalLM.Identity model,
            int[] promptIds,
            List<Intervention> interventions,
            int tokens,
            List<Integer> end) {}

    private static Generation measured(
            CausalLM model,
            int[] promptIds,
            List<Intervention> interventions,
            int tokens,
            OptionalInt end,
            Progress progress) {
        int[] ids = promptIds;
        while (ids.length < promptIds.length + tokens) {
            int next = NextToken.top(model, ids, interventions, 1).get(0).id();
            if (end.isPresent() && next == end.getAsInt()) {
                break;
            }
            ids = IntStream.concat(Arrays.stream(ids), IntStream.of(next)).toArray();
            progress.at((double) (ids.length - promptIds.length) / tokens, "token");
        }
        return new Generation(
                Arrays.stream(promptIds).boxed().toList(),
                Arrays.stream(ids, promptIds.length, ids.length).boxed().toList(),
                model.tokenizer().decode(ids));
    }
}
