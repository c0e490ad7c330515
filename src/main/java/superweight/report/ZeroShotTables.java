package superweight.report;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import superweight.measure.Accuracy;
import superweight.measure.AverageAccuracy;
import superweight.report.ZeroShotComparison.Task;
import superweight.stats.EffectSize;
import superweight.stats.Holm;
import superweight.stats.Interval;
import superweight.stats.McNemar;
import superweight.stats.PairedBootstrap;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * A {@link ZeroShotComparison} as tables; without a task they have no rows.
 *
 * @param comparison what was measured
 * @param bootstrap of all intervals, over items
 */
public record ZeroShotTables(ZeroShotComparison comparison, PairedBootstrap bootstrap) {
    /** What two conditions make of the same items. */
    private record Change(
            String task, String condition, String against, McNemar items, Interval difference, double cohensH,
            double pValue) {
        Change withPValue(double other) {
            return new Change(task, condition, against, items, difference, cohensH, other);
        }
    }

    /** Laid out like the paper's Table 1: a row a task, a column a condition, in percent with standard errors. */
    public ResultTable accuracies() {
        List<Task> tasks = comparison.tasks();
        List<String> conditions = comparison.conditions();
        Table data = Table.create("accuracy").addColumns(
                StringColumn.create("task", tasks.stream().map(task -> task.task().toString())),
                IntColumn.create("items", tasks.stream().mapToInt(task -> task.items().size()).toArray()),
                numbers("guessing, %", tasks, task -> 100 * task.guessing()));
        for (int i = 0; i < conditions.size(); i++) {
            int condition = i;
            data.addColumns(
                    numbers(conditions.get(i) + ", %", tasks, task -> 100 * task.accuracies().get(condition).value()),
                    numbers(conditions.get(i) + ", standard error", tasks,
                            task -> error(task.accuracies().get(condition))));
        }
        ResultTable table = ResultTable.of(data).format("guessing, %", CellFormat.fixed(1));
        for (String condition : conditions) {
            table = table.plusMinus(
                    condition + ", %", condition + ", %", condition + ", standard error", CellFormat.fixed(1));
        }
        return table;
    }

    private static double error(Accuracy accuracy) {
        return 100 * accuracy.standardError().orElse(Double.NaN);
    }

    /**
     * Whether one condition and the original can be told from guessing, by exact binomial tests; p-values are corrected
     * for all of the table.
     */
    public ResultTable guessing(String condition) {
        List<Task> tasks = comparison.tasks();
        int index = comparison.index(condition);
        double[] pValues = Holm.adjust(IntStream.of(0, index)
                .boxed()
                .flatMapToDouble(each -> tasks.stream().mapToDouble(task -> task.pValueOfGuessing(each)))
                .toArray());
        return ResultTable.of(Table.create("guessing").addColumns(
                        StringColumn.create("task", tasks.stream().map(task -> task.task().toString())),
                        IntColumn.create("items", tasks.stream().mapToInt(task -> task.items().size()).toArray()),
                        numbers("guessing, %", tasks, task -> 100 * task.guessing()),
                        numbers("original, %", tasks, task -> 100 * task.right(0).value()),
                        DoubleColumn.create("original: p, Holm", Arrays.copyOf(pValues, tasks.size())),
                        numbers(condition + ", %", tasks, task -> 100 * task.right(index).value()),
                        DoubleColumn.create(condition + ": p, Holm",
                                Arrays.copyOfRange(pValues, tasks.size(), pValues.length))))
                .format("guessing, %", CellFormat.fixed(1))
                .format("original, %", CellFormat.fixed(1))
                .format("original: p, Holm", CellFormat.significant(2))
                .format(condition + ", %", CellFormat.fixed(1))
                .format(condition + ": p, Holm", CellFormat.significant(2));
    }

    /**
     * Conditions held against the original and against another one, on the items of all tasks together; p-values are
     * corrected for all of the table's comparisons.
     */
    public ResultTable changesOverall(String other) {
        List<Change> changes = comparison.tasks().isEmpty() ? List.of() : corrected(Stream
                .of(0, comparison.index(other))
                .flatMap(from -> after(from).map(to -> change(
                        "all", from, to, comparison.average(from), comparison.average(to))))
                .toList());
        return table(Table.create("changes overall").addColumns(
                texts("condition", changes, Change::condition),
                texts("against", changes, Change::against)), changes);
    }

    /**
     * Every condition after {@code from} in the list of conditions, held against it item by item on each task; p-values
     * are corrected for all of the table's comparisons.
     */
    public ResultTable changes(String from) {
        int index = comparison.index(from);
        List<Change> changes = corrected(after(index)
                .flatMap(to -> comparison.tasks().stream().map(task -> change(task.task().toString(), index, to,
                        new AverageAccuracy(List.of(task.accuracies().get(index))),
                        new AverageAccuracy(List.of(task.accuracies().get(to))))))
                .toList());
        return table(Table.create("changes").addColumns(
                texts("condition", changes, Change::condition),
                texts("task", changes, Change::task)), changes);
    }

    private Stream<Integer> after(int condition) {
        return IntStream.range(condition + 1, comparison.conditions().size()).boxed();
    }

    private static ResultTable table(Table names, List<Change> changes) {
        return ResultTable.of(names.addColumns(
                        counts("items", changes, change -> change.items.items()),
                        counts("gained", changes, change -> change.items.gained()),
                        counts("lost", changes, change -> change.items.lost()),
                        numbers("points", changes, change -> 100 * change.difference.estimate()),
                        numbers("points low", changes, change -> 100 * change.difference.low()),
                        numbers("points high", changes, change -> 100 * change.difference.high()),
                        numbers("Cohen's h", changes, Change::cohensH),
                        numbers("McNemar's p, Holm", changes, Change::pValue)))
                .format("points", CellFormat.fixed(1))
                .interval("95 % interval", "points low", "points high", CellFormat.fixed(1))
                .format("Cohen's h", CellFormat.fixed(2))
                .format("McNemar's p, Holm", CellFormat.significant(2));
    }

    private Change change(String task, int from, int to, AverageAccuracy first, AverageAccuracy second) {
        double[] before = ones(first.right());
        double[] after = ones(second.right());
        McNemar items = McNemar.of(first.right(), second.right());
        List<String> names = comparison.conditions();
        return new Change(task, names.get(to), names.get(from), items, bootstrap.meanDifference(before, after),
                EffectSize.cohensH(share(before), share(after)), items.pValue());
    }

    private static double[] ones(boolean[] right) {
        return IntStream.range(0, right.length).mapToDouble(item -> right[item] ? 1 : 0).toArray();
    }

    private static double share(double[] ones) {
        return Arrays.stream(ones).sum() / ones.length;
    }

    private static List<Change> corrected(List<Change> changes) {
        double[] pValues = Holm.adjust(changes.stream().mapToDouble(Change::pValue).toArray());
        return IntStream.range(0, pValues.length).mapToObj(i -> changes.get(i).withPValue(pValues[i])).toList();
    }

    /** How far ahead the right answers are, in nats, and how much more than in the original. */
    public ResultTable margins() {
        record Margin(String condition, String task, double mean, Interval change) {}

        List<Margin> margins = IntStream.range(0, comparison.conditions().size())
                .boxed()
                .flatMap(condition -> comparison.tasks().stream().map(task -> new Margin(
                        comparison.conditions().get(condition),
                        task.task().toString(),
                        Arrays.stream(task.margins(condition)).average().orElseThrow(),
                        bootstrap.meanDifference(task.margins(0), task.margins(condition)))))
                .toList();
        return ResultTable.of(Table.create("margins").addColumns(
                        texts("condition", margins, Margin::condition),
                        texts("task", margins, Margin::task),
                        numbers("margin, nats", margins, Margin::mean),
                        numbers("above the original", margins, margin -> margin.change.estimate()),
                        numbers("low", margins, margin -> margin.change.low()),
                        numbers("high", margins, margin -> margin.change.high())))
                .format("margin, nats", CellFormat.fixed(2))
                .format("above the original", CellFormat.fixed(2))
                .interval("95 % interval", "low", "high", CellFormat.fixed(2));
    }

    /** The conditions' averages over the tasks that were run, and the paper's over the same tasks. */
    public ResultTable averages(TableOne paper) {
        List<Task> tasks = comparison.tasks();
        List<Integer> conditions = tasks.isEmpty() ? List.of()
                : IntStream.range(0, comparison.conditions().size()).boxed().toList();
        List<Interval> gains = conditions.stream()
                .map(condition -> bootstrap.meanDifferenceOfGroups(
                        comparison.average(0).scores(), comparison.average(condition).scores()))
                .toList();
        return ResultTable.of(Table.create("averages").addColumns(
                        texts("condition", conditions, comparison.conditions()::get),
                        counts("tasks", conditions, condition -> tasks.size()),
                        numbers("average, %", conditions, condition -> 100 * comparison.average(condition).value()),
                        numbers("standard error", conditions,
                                condition -> 100 * comparison.average(condition).standardError().orElse(Double.NaN)),
                        numbers("points above the original", gains, gain -> 100 * gain.estimate()),
                        numbers("points low", gains, gain -> 100 * gain.low()),
                        numbers("points high", gains, gain -> 100 * gain.high()),
                        numbers("paper, Llama-7B, these tasks", conditions, condition -> row(condition)
                                .map(row -> paper.average(row, tasks.stream().map(Task::task).toList()))
                                .orElse(Double.NaN))))
                .plusMinus("average, %", "average, %", "standard error", CellFormat.fixed(1))
                .format("points above the original", CellFormat.fixed(1))
                .interval("95 % interval", "points low", "points high", CellFormat.fixed(1))
                .format("paper, Llama-7B, these tasks", CellFormat.fixed(2));
    }

    private Optional<TableOne.Row> row(int condition) {
        return Arrays.stream(TableOne.Row.values())
                .filter(row -> row.condition().equals(comparison.conditions().get(condition)))
                .findFirst();
    }

    private static <T> StringColumn texts(String name, List<T> rows, Function<T, String> value) {
        return StringColumn.create(name, rows.stream().map(value));
    }

    private static <T> IntColumn counts(String name, List<T> rows, Function<T, Integer> value) {
        return IntColumn.create(name, rows.stream().mapToInt(value::apply).toArray());
    }

    private static <T> DoubleColumn numbers(String name, List<T> rows, ToDoubleFunction<T> value) {
        return DoubleColumn.create(name, rows.stream().mapToDouble(value).toArray());
    }
}
