package superweight.measure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
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

    /** Measures several conditions on the same items, so that they can be compared pair by pair. */
    public static List<Accuracy> measureAll(
            CausalLM model, List<TaskItem> items, List<Condition> conditions, Bos bos, Progress progress) {
        List<Accuracy> measured = new ArrayList<>();
        for (Condition condition : conditions) {
            double done = measured.size();
            measured.add(measure(model, items, condition, bos, progress.between(
                    done / conditions.size(), (done + 1) / conditions.size())));
        }
        return measured;
    }

    /**
     * Measures one condition.
     *
     * @param bos whether a context begins with the token that begins a sequence
     * @throws ArithmeticException if a log-likelihood is not a finite number
     */
    public static Accuracy measure(
            CausalLM model, List<TaskItem> items, Condition condition, Bos bos, Progress progress) {
        // Choices that read the same are scored once: nothing but rounding could tell them apart.
        List<Continuation> different =
                items.stream().flatMap(item -> item.continuations().stream()).distinct().toList();
        int maxPositions = model.config().maxPositionEmbeddings();
        List<LogLikelihood> scores = LogLikelihood.measure(
                model,
                different.stream().map(each -> each.tokenized(model.tokenizer(), bos, maxPositions)).toList(),
                condition,
                progress);
        Map<Continuation, LogLikelihood> scored = new LinkedHashMap<>();
        for (int i = 0; i < different.size(); i++) {
            scored.put(different.get(i), scores.get(i));
        }
        return new Accuracy(items.stream().map(item -> outcome(item, scored)).toList());
    }

    private static Outcome outcome(TaskItem item, Map<Continuation, LogLikelihood> scored) {
        List<LogLikelihood> scores = item.continuations().stream().map(scored::get).toList();
        return new Outcome(scores, item.isRight(scores));
    }
}
