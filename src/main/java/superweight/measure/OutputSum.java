package superweight.measure;

import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import superweight.Progress;
import superweight.model.CausalLM;
import superweight.model.Coordinate;
import superweight.model.HookPoint.Site;
import superweight.model.LinearLayer;

/**
 * One output of down_proj against the sum of products that makes it, {@code Y_ij = sum over k of X_ik W_jk} (paper
 * section 3.1), on the token where the output channel of a super weight is of largest magnitude.
 *
 * @param token from 0
 * @param output as the model makes it
 * @param terms the products, {@code [intermediate]}
 */
public record OutputSum(int token, float output, double[] terms) {
    /**
     * Measures the original model on one text.
     *
     * @param ids token ids
     * @param weight whose layer and row are looked at
     */
    public static OutputSum measure(CausalLM model, int[] ids, Coordinate weight, Progress progress) {
        float[] row = model.weightRow(weight.layer(), LinearLayer.DOWN_PROJ, weight.row());
        float[][] seen = new float[2][]; // what down_proj is given and what it gives, [T, intermediate], [T, hidden]
        Activations.read(
                model,
                List.of(ids),
                weight.layer() + 1,
                List.of(Condition.ORIGINAL),
                Set.of(Site.MLP_POST, Site.MLP_OUT),
                progress,
                (condition, text, point, activation) ->
                        seen[point.site() == Site.MLP_POST ? 0 : 1] = activation.toFloatArray());
        int hidden = model.config().hiddenSize();
        float[] channel = new float[ids.length];
        for (int t = 0; t < channel.length; t++) {
            channel[t] = seen[1][t * hidden + weight.row()];
        }
        int token = Activations.largest(channel);
        int start = token * row.length;
        return new OutputSum(token, channel[token], IntStream.range(0, row.length)
                .mapToDouble(k -> (double) seen[0][start + k] * row[k])
                .toArray());
    }

    /** The sum of the first terms. */
    public double over(int first) {
        return IntStream.range(0, first).mapToDouble(k -> terms[k]).sum();
    }

    /** How far the sum of the first terms is from the output, as a share of the output's magnitude. */
    public double error(int first) {
        return Math.abs(over(first) - output) / Math.abs(output);
    }
}
