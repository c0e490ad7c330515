package superweight.measure;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import superweight.Progress;
import superweight.model.CausalLM;

/**
 * How likely a model finds one continuation of a context.
 *
 * @param sum of the log-probabilities of its tokens, in nats; a finite number
 * @param greedy whether the likeliest token, again and again, gives the same continuation
 */
public record LogLikelihood(double sum, boolean greedy) {

    /**
     * Scores many continuations.
     *
     * @return one result for each, in their order
     * @throws ArithmeticException if a log-probability is not a finite number
     */
    public static List<LogLikelihood> measure(
            CausalLM model, List<Continuation.Tokenized> continuations, Condition condition, Progress progress) {
        int[] targets = continuations.stream().flatMapToInt(each -> Arrays.stream(each.targets())).toArray();
        double[] logProbabilities = new double[targets.length];
        boolean[] likeliest = new boolean[targets.length];
        LastLogits.read(
                model,
                continuations.stream().map(Continuation.Tokenized::read).toList(),
                condition,
                progress,
                (first, logits) -> {
                    int rows = Math.toIntExact(logits.getShape().get(0));
                    int[] wanted = Arrays.copyOfRange(targets, first, first + rows);
                    NDArray next = logits.getManager()
                            .create(wanted)
                            .toType(DataType.INT64, false)
                            .reshape(-1, 1);
                    float[] scores = logits.logSoftmax(-1).gather(next, 1).toFloatArray();
                    long[] best = logits.argMax(-1).toLongArray();
                    for (int row = 0; row < rows; row++) {
                        logProbabilities[first + row] = scores[row];
                        likeliest[first + row] = best[row] == wanted[row];
                    }
                });
        return perContinuation(continuations, logProbabilities, likeliest);
    }

    private static List<LogLikelihood> perContinuation(
            List<Continuation.Tokenized> continuations, double[] logProbabilities, boolean[] likeliest) {
        List<LogLikelihood> measured = new ArrayList<>();
        int token = 0;
        for (Continuation.Tokenized continuation : continuations) {
            double sum = 0;
            boolean greedy = true;
            for (int end = token + continuation.scored(); token < end; token++) {
                sum += logProbabilities[token];
                greedy &= likeliest[token];
            }
            if (!Double.isFinite(sum)) {
                throw Overflow.of("log-likelihood is not a finite number");
            }
            measured.add(new LogLikelihood(sum, greedy));
        }
        return measured;
    }
}
