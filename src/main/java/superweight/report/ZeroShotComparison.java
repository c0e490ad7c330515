package superweight.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import superweight.measure.Accuracy;
import superweight.measure.AverageAccuracy;
import superweight.measure.TaskItem;
import superweight.measure.ZeroShotTask;
import superweight.stats.EffectSize;
import superweight.stats.Interval;
import superweight.stats.PairedBootstrap;
import superweight.stats.Proportion;

/**
 * Zero-shot accuracies of several conditions on the same items (paper Table 1), so that any two can be held against
 * each other item by item.
 *
 * @param conditions their names; the first is the original model
 * @param tasks what was measured of each task
 */
public record ZeroShotComparison(List<String> conditions, List<Task> tasks) {
    /**
     * One task.
     *
     * @param items what was asked
     * @param accuracies one a condition
     */
    public record Task(ZeroShotTask task, List<TaskItem> items, List<Accuracy> accuracies) {
        public Task {
            items = List.copyOf(items);
            accuracies = List.copyOf(accuracies);
        }

        /** The accuracy of a guess, from each item's number of choices. */
        public double guessing() {
            return items.stream().mapToDouble(TaskItem::chance).average().orElseThrow();
        }

        /** The right answers under a condition. */
        public Proportion right(int condition) {
            Accuracy accuracy = accuracies.get(condition);
            return new Proportion((int) Math.round(accuracy.value() * accuracy.items()), accuracy.items());
        }

        /**
         * Of the exact two-sided binomial test of a condition's accuracy against guessing; NaN where nothing can be
         * guessed.
         */
        double pValueOfGuessing(int condition) {
            return guessing() == 0 ? Double.NaN : right(condition).pValue(guessing());
        }

        /** Whether the original is better than guessing beyond doubt, so that there is something to lose. */
        boolean hasSomethingToLose() {
            return right(0).interval(PairedBootstrap.LEVEL).low() > guessing();
        }

        /** How far the right answer is ahead, item by item, in nats ({@link TaskItem#margin}). */
        double[] margins(int condition) {
            return IntStream.range(0, items.size())
                    .mapToDouble(i -> items.get(i).margin(accuracies.get(condition).outcomes().get(i).scores()))
                    .toArray();
        }

        /** Whether these are all items on which the paper measured. */
        boolean isWhole() {
            return items.size() == task.wholeSize();
        }
    }

    public ZeroShotComparison {
        conditions = List.copyOf(conditions);
        tasks = List.copyOf(tasks);
    }

    /** No task yet. */
    public static ZeroShotComparison of(List<String> conditions) {
        return new ZeroShotComparison(conditions, List.of());
    }

    /** With one more task. */
    public ZeroShotComparison with(ZeroShotTask task, List<TaskItem> items, List<Accuracy> accuracies) {
        return new ZeroShotComparison(
                conditions, Stream.concat(tasks.stream(), Stream.of(new Task(task, items, accuracies))).toList());
    }

    /** The index of a condition. */
    public int index(String condition) {
        int index = conditions.indexOf(condition);
        if (index < 0) {
            throw new IllegalArgumentException("no condition is called %s".formatted(condition));
        }
        return index;
    }

    /** One condition's average, every task counting the same. */
    public AverageAccuracy average(int condition) {
        return new AverageAccuracy(tasks.stream().map(task -> task.accuracies.get(condition)).toList());
    }

    /** The average accuracy of a guess. */
    public double guessing() {
        return tasks.stream().mapToDouble(Task::guessing).average().orElseThrow();
    }

    /** The average of one condition over that of another, drawn anew task by task. */
    public Interval ratio(int of, int to, PairedBootstrap bootstrap) {
        return bootstrap.ofAverages(List.of(average(of).scores(), average(to).scores()), mean -> mean[0] / mean[1]);
    }

    /**
     * The share of the average that pruning lost which restoring brings back, drawn anew task by task; empty where it
     * is in doubt whether pruning lost anything.
     */
    public Optional<Interval> recovered(int pruned, int restored, PairedBootstrap bootstrap) {
        Interval loss = bootstrap.meanDifferenceOfGroups(average(pruned).scores(), average(0).scores());
        return loss.low() > 0
                ? Optional.of(bootstrap.ofAverages(
                        List.of(average(0).scores(), average(pruned).scores(), average(restored).scores()),
                        mean -> EffectSize.recovered(mean[0], mean[1], mean[2])))
                : Optional.empty();
    }

    /** The share of the original's average above guessing that a condition leaves, on tasks with something to lose. */
    public Optional<Interval> leftAboveGuessing(int condition, PairedBootstrap bootstrap) {
        List<Task> some = tasks.stream().filter(Task::hasSomethingToLose).toList();
        return some.isEmpty() ? Optional.empty() : Optional.of(left(some, condition, bootstrap));
    }

    /** The same of one task; empty where the original cannot be told from guessing. */
    static Optional<Interval> leftAboveGuessing(Task task, int condition, PairedBootstrap bootstrap) {
        return task.hasSomethingToLose() ? Optional.of(left(List.of(task), condition, bootstrap)) : Optional.empty();
    }

    private static Interval left(List<Task> tasks, int condition, PairedBootstrap bootstrap) {
        ZeroShotComparison some = new ZeroShotComparison(List.of(), tasks);
        double guessing = some.guessing();
        return bootstrap.ofAverages(
                List.of(some.average(0).scores(), some.average(condition).scores()),
                mean -> (mean[1] - guessing) / (mean[0] - guessing));
    }

    /** How many items of which tasks were asked: {@code 60 items of piqa, 60 of winogrande}. */
    public String sample() {
        return IntStream.range(0, tasks.size())
                .mapToObj(i -> "%d %s %s".formatted(
                        tasks.get(i).items().size(), i == 0 ? "items of" : "of", tasks.get(i).task()))
                .collect(Collectors.joining(", "));
    }

    /** Accuracies of some conditions with Wilson's intervals, task by task, guessing as a line through each. */
    public DotFigure figure(String title, List<String> shown) {
        List<DotFigure.Point> points = new ArrayList<>();
        List<DotFigure.Stretch> lines = new ArrayList<>();
        for (Task task : tasks) {
            for (String condition : shown) {
                String row = "%s: %s".formatted(task.task, condition);
                points.add(DotFigure.Point.of(
                                row, task.right(index(condition)).interval(PairedBootstrap.LEVEL).inPercent())
                        .in(condition));
                lines.add(new DotFigure.Stretch(row, 100 * task.guessing()));
            }
        }
        return DotFigure.linear(title, "accuracy, %", points).withReference("guessing", lines);
    }
}
