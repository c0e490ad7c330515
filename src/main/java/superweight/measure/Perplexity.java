package superweight.measure;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import superweight.InvalidInputException;
import superweight.Progress;
import superweight.model.ActivationReader;
import superweight.model.CausalLM;
import superweight.model.ForwardPass;
import superweight.model.LmHead;
import superweight.model.Sequence;

/**
 * Perplexity over non-overlapping windows (paper section 5, the setting of GPTQ): each window scores
 * its tokens after the first, and perplexity is exp of the mean over windows.
 *
 * @param window tokens per window
 * @param windowNll mean negative log-likelihood of each window's {@code window - 1} targets, in nats
 */
public record Perplexity(int window, List<Double> windowNll) {
    public Perplexity {
        windowNll = List.copyOf(windowNll);
    }

    /** The windows' values as an array, for the bootstrap. */
    public double[] nll() {
        return windowNll.stream().mapToDouble(Double::doubleValue).toArray();
    }

    public double meanNll() {
        return Arrays.stream(nll()).average().orElseThrow();
    }

    /**
     * The same, for a reader to whom a model outside float32 is an error and not a result.
     *
     * @throws ArithmeticException if the loss of a window is not a finite number
     */
    public Perplexity requireFinite() {
        if (!Double.isFinite(meanNll())) {
            throw Overflow.of("loss is not a finite number");
        }
        return this;
    }

    /** exp of the mean over windows; infinite or NaN where the model left the range of float32. */
    public double value() {
        return Math.exp(meanNll());
    }

    public int windows() {
        return windowNll.size();
    }

    /** The number of scored tokens. */
    public long tokens() {
        return (long) windows() * (window - 1);
    }

    /**
     * Cuts a tokenized text into windows that do not overlap; a remainder is dropped.
     *
     * @param window tokens per window, at least 2
     */
    public static List<int[]> windows(int[] ids, int window) {
        checkWindow(window);
        if (ids.length < window) {
            throw new InvalidInputException("The text has " + ids.length
                    + " tokens, which is less than one window of " + window + ".");
        }
        return IntStream.range(0, ids.length / window)
                .mapToObj(i -> Arrays.copyOfRange(ids, i * window, (i + 1) * window))
                .toList();
    }

    static void checkWindow(int window) {
        if (window < 2) {
            throw new InvalidInputException("A window must have at least 2 tokens, one to predict"
                    + " from and one to predict, but it has " + window + ".");
        }
    }

    /**
     * Measures several conditions on the same windows, so that they can be compared pair by pair.
     *
     * @param windows at least one, all of one length
     * @return one measurement per condition, in their order
     * @throws InvalidInputException if the windows differ in length, or the model cannot be run on as many tokens
     */
    public static List<Perplexity> measureAll(
            CausalLM model, List<int[]> windows, List<Condition> conditions, Progress progress) {
        long lengths = windows.stream().mapToInt(ids -> ids.length).distinct().count();
        if (lengths != 1) {
            throw new InvalidInputException("Perplexity is measured on windows of one length, but these have "
                    + lengths + " lengths.");
        }
        int window = windows.get(0).length;
        return Batches.measureAll(model, windows, ids -> ids.length, conditions, WindowNll.class, progress,
                        (batch, some, part) -> measureBatch(model, batch, some, part)).stream()
                .map(each -> new Perplexity(window, each.stream().map(WindowNll::nll).toList()))
                .toList();
    }

    /** Measures one condition on windows of one length. */
    public static Perplexity measure(
            CausalLM model, List<int[]> windows, Condition condition, Progress progress) {
        return measureAll(model, windows, List.of(condition), progress).get(0);
    }

    private record WindowNll(double nll) {}

    private static List<WindowNll> measureBatch(
            CausalLM model, List<int[]> windows, List<Condition> conditions, Progress progress) {
        List<ForwardPass> runs = Condition.runs(conditions, windows.size());
        List<Sequence> sequences = windows.stream().map(Sequence::of).toList();
        try (NDManager scope = model.newScope()) {
            // The output projection costs about as much as several layers; the walk counts as the rest.
            List<NDArray> hidden =
                    model.hiddenStates(scope, sequences, runs, ActivationReader.NONE, progress.between(0, 0.8));
            LmHead head = model.lmHead(scope);
            Map<ForwardPass, WindowNll> nll = new HashMap<>(); // runs that are equal are scored once
            for (int i = 0; i < runs.size(); i++) {
                NDArray states = hidden.get(i);
                nll.computeIfAbsent(runs.get(i), run -> new WindowNll(
                        meanNll(model, head, states, windows.get(run.sequence()))));
                progress.between(0.8, 1).at((i + 1.0) / runs.size(), "losses");
            }
            return runs.stream().map(nll::get).toList();
        }
    }

    /** Mean negative log-likelihood of tokens 1.. given those before: hidden {@code [T, hidden]}. */
    private static double meanNll(CausalLM model, LmHead head, NDArray hidden, int[] ids) {
        int targets = ids.length - 1;
        double sum = 0;
        int rowsAtOnce = LogitRows.atOnce(model);
        for (int from = 0; from < targets; from += rowsAtOnce) {
            int to = Math.min(targets, from + rowsAtOnce);
            try (NDManager scope = hidden.getManager().newSubManager()) {
                NDArray rows = hidden.get(new NDIndex("{}:{}", from, to));
                rows.attach(scope);
                NDArray logProbabilities = head.logits(rows).logSoftmax(-1); // [rows, vocab]
                NDArray next = scope.create(Arrays.copyOfRange(ids, from + 1, to + 1))
                        .toType(DataType.INT64, false)
                        .reshape(-1, 1);
                for (float logProbability : logProbabilities.gather(next, 1).toFloatArray()) {
                    sum -= logProbability;
                }
            }
        }
        return sum / targets;
    }
}
