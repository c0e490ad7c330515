package superweight.measure;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Set;
import superweight.Progress;
import superweight.model.CausalLM;
import superweight.model.Coordinate;
import superweight.model.HookPoint.Site;

/**
 * The super activation where its weight writes it, in down_proj's output, on one text of the original model (paper
 * section 3.2).
 *
 * @param token the token on which the weight's output channel is of largest magnitude, from 0
 * @param value the activation, with its sign
 */
public record SuperActivation(int token, float value) {
    /**
     * Measures it on several texts, such as to store its mean for others.
     *
     * @param texts token ids
     * @param weight the super weight
     * @return one entry a text
     */
    public static List<SuperActivation> measureAll(
            CausalLM model, List<int[]> texts, Coordinate weight, Progress progress) {
        List<Text> written = texts.stream().map(ids -> new Text(ids, weight)).toList();
        return Batches.measureAll(
                        model, written, text -> text.ids.length, List.of(Condition.ORIGINAL), SuperActivation.class,
                        progress, (batch, some, part) -> measureBatch(model, batch, weight, part))
                .get(0);
    }

    private record Text(int[] ids, Coordinate weight) {}

    private static List<SuperActivation> measureBatch(
            CausalLM model, List<Text> texts, Coordinate weight, Progress progress) {
        SuperActivation[] seen = new SuperActivation[texts.size()];
        Activations.read(
                model,
                texts.stream().map(Text::ids).toList(),
                weight.layer() + 1,
                List.of(Condition.ORIGINAL),
                Set.of(Site.MLP_OUT),
                progress,
                (condition, text, point, output) -> {
                    if (point.layer() == weight.layer()) {
                        seen[text] = of(output, weight.row());
                    }
                });
        return List.of(seen);
    }

    /** @param output {@code [T, hidden]} */
    private static SuperActivation of(NDArray output, int channel) {
        try (NDArray one = output.get(":, {}", channel)) { // [T]
            float[] values = one.toFloatArray();
            int token = Activations.largest(values);
            return new SuperActivation(token, values[token]);
        }
    }
}
