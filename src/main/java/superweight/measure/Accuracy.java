package superweight.measure;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import superweight.InvalidInputException;
import superweight.Progress;
import superweight.model.CausalLM;
import superweight.model.Tokenizer.Bos;

/**
 * The share of a zero-shot task's items that a model gets right (paper table 1), with every item's
 * outcome, so that two conditions can be compared item by item.
 *
 * @param outcomes one per item, in the items' order; at least one
 */
public record Accuracy(List<Outcome> outcomes) {
    /**
     * What the model made of one item.
     *
     * @param scores one per continuation, in the item's order
     * @param right whether the answer was the right one
     */
    public record Outcome(List<LogLikelihood> scores, boolean right) {
        public Outcome {
            scores = List.copyOf(scores);
        }
    }

    public Accuracy {
        outcomes = List.copyOf(outcomes);
        if (outcomes.isEmpty()) {
            throw new InvalidInputException("An accuracy needs at least one item, but there is none.");
        }
    }

    public int items() {
        return outcomes.size();
    }

    /** Item by item, whether the answer was right. */
    public boolean[] right() {
        boolean[] right = new boolean[items()];
        for (int item = 0; item < right.length; item++) {
            right[item] = outcomes.get(item).right();
        }
        return right;
    }

    /** From 0 to 1. */
    public double value() {
        return (double) outcomes.stream().filter(Outcome::right).count() / items();
    }

    /** Of the mean over items, from their sample variance (divisor n - 1); empty for a single item. */
    public OptionalDouble standardError() {
        return items() < 2
                ? OptionalDouble.empty()
                : OptionalDouble.of(Math.sqrt(value() * (1 - value()) / (items() - 1)));
    }

    /**
     * Measures several conditions on the same items, so that they can be compared pair by pair.
     *
     * @param bos whether a context begins with the token that begins a sequence
     * @throws ArithmeticException if a log-likelihood is not a finite number
     */
    public static List<Accuracy> measureAll(
            CausalLM model, List<TaskItem> items, List<Condition> conditions, Bos bos, Progress progress) {
        int maxPositions = model.config().maxPositionEmbeddings();
        List<List<Continuation>> different = different(items);
        List<List<Continuation.Tokenized>> tokenized = different.stream()
                .map(item -> item.stream().map(each -> each.tokenized(model.tokenizer(), bos, maxPositions)).toList())
                .toList();
        return LogLikelihood.measureAll(model, tokenized, conditions, progress).stream()
                .map(scores -> accuracy(items, different, scores))
                .toList();
    }

    /** Measures one condition. */
    public static Accuracy measure(
            CausalLM model, List<TaskItem> items, Condition condition, Bos bos, Progress progress) {
        return measureAll(model, items, List.of(condition), bos, progress).get(0);
    }

    /**
     * The continuations of each item without those that came before: continuations that read the same are scored once,
     * for nothing but rounding could tell them apart.
     */
    private static List<List<Continuation>> different(List<TaskItem> items) {
        Set<Continuation> seen = new HashSet<>();
        return items.stream()
                .map(item -> item.continuations().stream().filter(seen::add).toList())
                .filter(item -> !item.isEmpty())
                .toList();
    }

    private static Accuracy accuracy(
            List<TaskItem> items, List<List<Continuation>> different, List<List<LogLikelihood>> scores) {
        Map<Continuation, LogLikelihood> scored = new HashMap<>();
        for (int item = 0; item < different.size(); item++) {
            for (int i = 0; i < different.get(item).size(); i++) {
                scored.put(different.get(item).get(i), scores.get(item).get(i));
            }
        }
        return new Accuracy(items.stream().map(item -> outcome(item, scored)).toList());
    }

    private static Outcome outcome(TaskItem item, Map<Continuation, LogLikelihood> scored) {
        List<LogLikelihood> scores = item.continuations().stream().map(scored::get).toList();
        return new Outcome(scores, item.isRight(scores));
    }
}
