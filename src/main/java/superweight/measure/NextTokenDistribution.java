package superweight.measure;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.List;
import superweight.InvalidInputException;
import superweight.Progress;
import superweight.model.CausalLM;

/** The probabilities that a model gives the next token, averaged over prompts (paper figure 5). */
public final class NextTokenDistribution {
    private NextTokenDistribution() {}

    /**
     * The mean over prompts of the softmax of the scores after the last token, under each condition.
     *
     * @param prompts token ids, at least one each
     * @return for each condition one probability per token of the vocabulary, {@code [vocab]}, added up in float64
     * @throws ArithmeticException if a score is not a finite number
     */
    public static List<double[]> meanAll(
            CausalLM model, List<int[]> prompts, List<Condition> conditions, Progress progress) {
        if (prompts.isEmpty() || prompts.stream().anyMatch(ids -> ids.length == 0)) {
            throw new InvalidInputException("A mean over prompts needs at least one prompt, and every prompt a token.");
        }
        double[][] means = new double[conditions.size()][model.config().vocabSize()];
        LastLogits.read(
                model,
                prompts.stream().map(LastLogits.Wanted::afterLast).toList(),
                conditions,
                progress,
                (condition, first, logits) -> {
                    NDArray probabilities = logits.softmax(-1).toType(DataType.FLOAT64, false); // [rows, vocab]
                    double[] sums = probabilities.sum(new int[] {0}).toDoubleArray();
                    double[] mean = means[condition];
                    for (int id = 0; id < mean.length; id++) {
                        mean[id] += sums[id] / prompts.size();
                    }
                });
        for (double[] mean : means) {
            if (Double.isNaN(mean[0])) { // the softmax of a row with a number out of range is NaN throughout
                throw Overflow.of("scores are not all finite numbers");
            }
        }
        return List.of(means);
    }

    /** The same under one condition. */
    public static double[] mean(CausalLM model, List<int[]> prompts, Condition condition, Progress progress) {
        return meanAll(model, prompts, List.of(condition), progress).get(0);
    }
}
