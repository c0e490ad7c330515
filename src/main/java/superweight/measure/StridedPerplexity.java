package superweight.measure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import superweight.InvalidInputException;
import superweight.Progress;
import superweight.measure.Continuation.Tokenized;
import superweight.model.CausalLM;

/**
 * Perplexity over windows that overlap, each of which scores the tokens that no window before it scored, so that all
 * but the first window's have a long context (the script of the Qwen3-0.6B experiment, and MNN's).
 *
 * <p>No token is scored twice. As in these scripts every window weighs the same, the first one too, which scores
 * several times as many tokens as the others, and with less context.
 *
 * @param windowNll mean negative log-likelihood of each window's scored tokens, in nats
 */
public record StridedPerplexity(List<Double> windowNll) {
    public StridedPerplexity {
        windowNll = List.copyOf(windowNll);
    }

    /** The windows' values as an array, for the bootstrap. */
    public double[] nll() {
        return windowNll.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** exp of the mean over windows. */
    public double value() {
        return Math.exp(Arrays.stream(nll()).average().orElseThrow());
    }

    /**
     * Cuts a tokenized text into windows that begin a stride apart.
     *
     * @param window tokens per window, at least 2; those at the end of the text may be shorter
     * @param stride tokens from one window's beginning to the next, from 1 to {@code window}
     * @param begins no window begins at this token or after it; the last may reach beyond
     * @throws InvalidInputException if nothing can be scored
     */
    public static List<Tokenized> windows(int[] ids, int window, int stride, int begins) {
        Perplexity.checkWindow(window);
        if (stride < 1 || stride > window) {
            throw new InvalidInputException("Windows of %d tokens must begin from 1 to %d tokens apart, not %d."
                    .formatted(window, window, stride));
        }
        if (ids.length < 2) {
            throw new InvalidInputException(
                    "A text must have at least 2 tokens for one to be predicted, but it has " + ids.length + ".");
        }
        List<Tokenized> windows = new ArrayList<>();
        int scoredBefore = 0;
        for (int begin = 0; begin < Math.min(begins, ids.length) && scoredBefore < ids.length; begin += stride) {
            int end = Math.min(begin + window, ids.length);
            int scored = Math.min(end - scoredBefore, end - begin - 1); // nothing comes before a window's first token
            if (scored > 0) {
                windows.add(new Tokenized(Arrays.copyOfRange(ids, begin, end), scored));
            }
            scoredBefore = end;
        }
        return windows;
    }

    /** How many tokens some windows score together. */
    public static int scored(List<Tokenized> windows) {
        return windows.stream().mapToInt(Tokenized::scored).sum();
    }

    /**
     * Measures several conditions on the same windows, so that they can be compared pair by pair.
     *
     * @return one measurement per condition, in their order
     * @throws ArithmeticException if a log-probability is not a finite number
     */
    public static List<StridedPerplexity> measureAll(
            CausalLM model, List<Tokenized> windows, List<Condition> conditions, Progress progress) {
        List<List<Tokenized>> alone = windows.stream().map(List::of).toList();
        return LogLikelihood.measureAll(model, alone, conditions, progress).stream()
                .map(scores -> new StridedPerplexity(IntStream.range(0, windows.size())
                        .mapToObj(i -> -scores.get(i).get(0).sum() / windows.get(i).scored())
                        .toList()))
                .toList();
    }
}
