package superweight.measure;

import java.util.List;
import java.util.OptionalDouble;
import superweight.InvalidInputException;

/**
 * One condition's accuracy over several zero-shot tasks, the column AVG of the paper's tables: every task counts the
 * same, however many items it has.
 *
 * @param tasks one accuracy a task; at least one
 */
public record AverageAccuracy(List<Accuracy> tasks) {
    public AverageAccuracy {
        tasks = List.copyOf(tasks);
        if (tasks.isEmpty()) {
            throw new InvalidInputException("An average accuracy needs at least one task, but there is none.");
        }
    }

    /** From 0 to 1. */
    public double value() {
        return tasks.stream().mapToDouble(Accuracy::value).average().orElseThrow();
    }

    /** Of the average, from the tasks' own; empty where a task has a single item. */
    public OptionalDouble standardError() {
        if (tasks.stream().anyMatch(task -> task.standardError().isEmpty())) {
            return OptionalDouble.empty();
        }
        double squares = tasks.stream()
                .mapToDouble(task -> Math.pow(task.standardError().getAsDouble(), 2))
                .sum();
        return OptionalDouble.of(Math.sqrt(squares) / tasks.size());
    }

    /** Of all tasks. */
    public int items() {
        return tasks.stream().mapToInt(Accuracy::items).sum();
    }

    /** The items of all tasks, one after the other: whether the answer was right. */
    public boolean[] right() {
        boolean[] right = new boolean[items()];
        int next = 0;
        for (Accuracy task : tasks) {
            System.arraycopy(task.right(), 0, right, next, task.items());
            next += task.items();
        }
        return right;
    }

    /** Task by task, 1 for an item whose answer was right and 0 for another. */
    public List<double[]> scores() {
        return tasks.stream()
                .map(task -> task.outcomes().stream().mapToDouble(outcome -> outcome.right() ? 1 : 0).toArray())
                .toList();
    }
}
