package superweight.measure;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import superweight.InvalidInputException;
import superweight.Progress;
import superweight.model.CausalLM;

/**
 * The probabilities that a model under one condition gives the next token after each of some prompts (paper figure 5).
 *
 * <p>Of the walk through the layers it keeps one hidden state a prompt. The probabilities, {@code [prompts, vocab]},
 * are made of these anew for each question, a block of prompts at a time: so tokens can be chosen by their mean and asked
 * for prompt by prompt, and neither takes a second walk or the memory for all of them. Probabilities are float32, sums
 * and means float64.
 */
public final class NextTokenDistribution {
    private final CausalLM model;
    private final float[] states; // [prompts, hidden]
    private final int prompts;

    private NextTokenDistribution(CausalLM model, float[] states, int prompts) {
        this.model = model;
        this.states = states;
        this.prompts = prompts;
    }

    /**
     * Reads all prompts under each condition, in one walk.
     *
     * @param prompts token ids, at least one each
     * @return one for each condition, in their order; valid as long as the model is open
     */
    public static List<NextTokenDistribution> measureAll(
            CausalLM model, List<int[]> prompts, List<Condition> conditions, Progress progress) {
        if (prompts.isEmpty() || prompts.stream().anyMatch(ids -> ids.length == 0)) {
            throw new InvalidInputException("A mean over prompts needs at least one prompt, and every prompt a token.");
        }
        return Batches.measureAll(model, prompts, ids -> ids.length, conditions, State.class, progress,
                        (batch, some, part) -> measureBatch(model, batch, some, part)).stream()
                .map(each -> new NextTokenDistribution(model, joined(each), prompts.size()))
                .toList();
    }

    /** What one prompt leaves behind, {@code [hidden]}. */
    private record State(float[] values) {}

    private static List<State> measureBatch(
            CausalLM model, List<int[]> prompts, List<Condition> conditions, Progress progress) {
        int hidden = model.config().hiddenSize();
        List<LastStates.Wanted> wanted = prompts.stream().map(LastStates.Wanted::afterLast).toList();
        try (NDManager scope = model.newScope()) {
            return LastStates.read(scope, model, wanted, conditions, progress).stream()
                    .map(NDArray::toFloatArray) // [prompts, hidden]
                    .flatMap(states -> IntStream.range(0, prompts.size()).mapToObj(prompt -> new State(
                            Arrays.copyOfRange(states, prompt * hidden, (prompt + 1) * hidden))))
                    .toList();
        }
    }

    private static float[] joined(List<State> states) {
        int hidden = states.get(0).values.length;
        float[] all = new float[states.size() * hidden];
        for (int prompt = 0; prompt < states.size(); prompt++) {
            System.arraycopy(states.get(prompt).values, 0, all, prompt * hidden, hidden);
        }
        return all;
    }

    /** The same under one condition. */
    public static NextTokenDistribution measure(
            CausalLM model, List<int[]> prompts, Condition condition, Progress progress) {
        return measureAll(model, prompts, List.of(condition), progress).get(0);
    }

    public int prompts() {
        return prompts;
    }

    /**
     * The mean over prompts.
     *
     * @return one probability per token of the vocabulary, {@code [vocab]}
     * @throws ArithmeticException if a score is not a finite number
     */
    public double[] mean() {
        double[] mean = new double[model.config().vocabSize()];
        readProbabilities((first, probabilities) -> {
            double[] sums = float64(probabilities).sum(new int[] {0}).toDoubleArray();
            for (int id = 0; id < mean.length; id++) {
                mean[id] += sums[id] / prompts;
            }
        });
        return mean;
    }

    /**
     * The probabilities of some tokens, prompt by prompt.
     *
     * @param ids the tokens
     * @return for each of them one probability a prompt, {@code [ids][prompts]}
     * @throws ArithmeticException if a score is not a finite number
     */
    public double[][] probabilities(int... ids) {
        double[][] chosen = new double[ids.length][prompts];
        if (ids.length > 0) {
            readProbabilities((first, probabilities) -> {
                float[] values = ofTokens(probabilities, ids).toFloatArray(); // [ids, rows]
                int rows = values.length / ids.length;
                for (int i = 0; i < values.length; i++) {
                    chosen[i / rows][first + i % rows] = values[i];
                }
            });
        }
        return chosen;
    }

    /**
     * The probability of a set of tokens together, prompt by prompt.
     *
     * @param ids the tokens, each once
     * @return {@code [prompts]}
     * @throws ArithmeticException if a score is not a finite number
     */
    public double[] mass(int... ids) {
        double[] mass = new double[prompts];
        if (ids.length > 0) {
            readProbabilities((first, probabilities) ->
                    copy(float64(ofTokens(probabilities, ids)).sum(new int[] {0}), mass, first));
        }
        return mass;
    }

    /**
     * How undecided the model is, prompt by prompt: minus the mean log-probability, in nats, 0 where one token is
     * certain and the logarithm of the vocabulary's size where all are alike.
     *
     * @return {@code [prompts]}
     * @throws ArithmeticException if a score is not a finite number
     */
    public double[] entropy() {
        double[] entropy = new double[prompts];
        readLogits((first, logits) -> {
            NDArray terms = float64(requireFinite(logits.softmax(-1)).mul(logits.logSoftmax(-1)));
            copy(terms.sum(new int[] {1}).neg(), entropy, first);
        });
        return entropy;
    }

    /** Some columns of {@code [rows, vocab]}, as rows: {@code [ids, rows]}. */
    private static NDArray ofTokens(NDArray probabilities, int[] ids) {
        NDArray wanted = probabilities.getManager().create(ids).toType(DataType.INT64, false);
        return probabilities.transpose().get(wanted);
    }

    private static NDArray float64(NDArray values) {
        return values.toType(DataType.FLOAT64, false);
    }

    private static void copy(NDArray values, double[] target, int first) {
        double[] some = values.toDoubleArray();
        System.arraycopy(some, 0, target, first, some.length);
    }

    private void readProbabilities(LastLogits.BlockReader reader) {
        readLogits((first, logits) -> reader.read(first, requireFinite(logits.softmax(-1)))); // [rows, vocab]
    }

    private void readLogits(LastLogits.BlockReader reader) {
        try (NDManager scope = model.newScope()) {
            NDArray rows = scope.create(states, new Shape(prompts, model.config().hiddenSize()));
            LastLogits.inBlocks(model, model.lmHead(scope), rows, reader);
        }
    }

    /** The softmax of a row with a number out of range is not a number throughout. */
    private static NDArray requireFinite(NDArray probabilities) {
        float[] first = probabilities.get(new NDIndex(":, 0")).toFloatArray();
        if (IntStream.range(0, first.length).anyMatch(row -> Float.isNaN(first[row]))) {
            throw Overflow.of("scores are not all finite numbers");
        }
        return probabilities;
    }
}
