package superweight.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import superweight.measure.Accuracy;
import superweight.measure.AverageAccuracy;
import superweight.measure.TaskItem;
import superweight.measure.ZeroShotTask;
import superweight.stats.EffectSize;
import superweight.stats.Holm;
import superweight.stats.Interval;
import superweight.stats.McNemar;
import superweight.stats.PairedBootstrap;
import superweight.stats.Proportion;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * Zero-shot accuracies of several conditions on the same items (paper Table 1), each held against the first condition,
 * the original model, item by item.
 *
 * @param conditions their names
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

        /** The accuracy of a guess. */
        public double chance() {
            return items.stream().mapToDouble(TaskItem::chance).average().orElseThrow();
        }

        McNemar against(Accuracy original, int condition) {
            return McNemar.of(original.right(), accuracies.get(condition).right());
        }

        /** How far the right answer is ahead, item by item, in nats. */
        private double[] margins(int condition) {
            return IntStream.range(0, items.size())
                    .mapToDouble(i -> items.get(i).margin(accuracies.get(condition).outcomes().get(i).scores()))
                    .toArray();
        }
    }

    /** One condition on one task. */
    private record Cell(Task task, int condition, String name, double pValue) {
        Accuracy accuracy() {
            return task.accuracies.get(condition);
        }

        McNemar changed() {
            return task.against(task.accuracies.get(0), condition);
        }

        /** NaN where nothing can be guessed. */
        double againstGuessing() {
            return task.chance() == 0 ? Double.NaN : right().pValue(task.chance());
        }

        Proportion right() {
            return proportion(accuracy());
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
        List<Task> more = new ArrayList<>(tasks);
        more.add(new Task(task, items, accuracies));
        return new ZeroShotComparison(conditions, more);
    }

    /** One condition's average, every task counting the same. */
    public AverageAccuracy average(int condition) {
        return new AverageAccuracy(tasks.stream().map(task -> task.accuracies.get(condition)).toList());
    }

    /** The average of one condition over that of another, drawn anew task by task. */
    public Interval ratio(int of, int to, PairedBootstrap bootstrap) {
        return bootstrap.ofAverages(List.of(average(of).scores(), average(to).scores()), mean -> mean[0] / mean[1]);
    }

    /** The share of the average that pruning lost which restoring brings back, drawn anew task by task. */
    public Interval recovered(int pruned, int restored, PairedBootstrap bootstrap) {
        return bootstrap.ofAverages(
                List.of(average(0).scores(), average(pruned).scores(), average(restored).scores()),
                mean -> EffectSize.recovered(mean[0], mean[1], mean[2]));
    }

    /**
     * What a condition leaves of one task's accuracy above that of guessing; empty where the original model itself cannot
     * be told from guessing, so that there is nothing to lose.
     */
    public static Optional<Interval> leftAboveChance(Task task, int condition, PairedBootstrap bootstrap) {
        double chance = task.chance();
        if (proportion(task.accuracies.get(0)).interval(bootstrap.level()).low() <= chance) {
            return Optional.empty();
        }
        return Optional.of(bootstrap.ofAverages(
                List.of(new AverageAccuracy(List.of(task.accuracies.get(0))).scores(),
                        new AverageAccuracy(List.of(task.accuracies.get(condition))).scores()),
                mean -> (mean[1] - chance) / (mean[0] - chance)));
    }

    private static Proportion proportion(Accuracy accuracy) {
        int right = (int) Math.round(accuracy.value() * accuracy.items());
        return new Proportion(right, accuracy.items());
    }

    /** Every condition on every task; p-values are corrected for all of the table's comparisons with the original. */
    public ResultTable table() {
        List<Cell> cells = cells();
        return ResultTable.of(Table.create("accuracy").addColumns(
                        text("task", cells, cell -> cell.task.task.toString()),
                        text("condition", cells, Cell::name),
                        count("items", cells, cell -> cell.accuracy().items()),
                        number("accuracy, %", cells, cell -> 100 * cell.accuracy().value()),
                        number("standard error", cells,
                                cell -> 100 * cell.accuracy().standardError().orElse(Double.NaN)),
                        number("guessing, %", cells, cell -> 100 * cell.task.chance()),
                        DoubleColumn.create("p against guessing, Holm",
                                Holm.adjust(cells.stream().mapToDouble(Cell::againstGuessing).toArray())),
                        count("items gained", cells, cell -> cell.changed().gained()),
                        count("items lost", cells, cell -> cell.changed().lost()),
                        number("McNemar's p, Holm", cells, Cell::pValue),
                        number("Cohen's h", cells, cell -> cell.condition == 0 ? Double.NaN : EffectSize.cohensH(
                                cell.task.accuracies.get(0).value(), cell.accuracy().value()))))
                .format("accuracy, %", CellFormat.fixed(1))
                .format("standard error", CellFormat.fixed(1))
                .format("guessing, %", CellFormat.fixed(1))
                .format("p against guessing, Holm", CellFormat.significant(2))
                .format("McNemar's p, Holm", CellFormat.significant(2))
                .format("Cohen's h", CellFormat.fixed(2));
    }

    /** Accuracies with Wilson's intervals, task by task. */
    public DotFigure figure(String title) {
        return DotFigure.linear(title, "accuracy, % (this run; bars: 95 % intervals)", cells().stream()
                .map(cell -> DotFigure.Point.of(
                        "%s: %s".formatted(cell.task.task, cell.name),
                        cell.right().interval(PairedBootstrap.LEVEL).inPercent()))
                .toList());
    }

    /** How far ahead the right answers are, in nats, and how much of that a condition costs. */
    public ResultTable margins(PairedBootstrap bootstrap) {
        List<Cell> cells = cells();
        List<Interval> changes = cells.stream()
                .map(cell -> bootstrap.meanDifference(cell.task.margins(0), cell.task.margins(cell.condition)))
                .toList();
        return ResultTable.of(Table.create("margins").addColumns(
                        text("task", cells, cell -> cell.task.task.toString()),
                        text("condition", cells, Cell::name),
                        number("margin, nats", cells,
                                cell -> bootstrap.mean(cell.task.margins(cell.condition)).estimate()),
                        DoubleColumn.create("above the original", ends(changes, Interval::estimate)),
                        DoubleColumn.create("low", ends(changes, Interval::low)),
                        DoubleColumn.create("high", ends(changes, Interval::high))))
                .format("margin, nats", CellFormat.fixed(2))
                .format("above the original", CellFormat.fixed(2))
                .interval("95 % interval", "low", "high", CellFormat.fixed(2));
    }

    /** The conditions' averages over the tasks that were run, against the original's. */
    public ResultTable averages(PairedBootstrap bootstrap) {
        List<AverageAccuracy> averages =
                IntStream.range(0, conditions.size()).mapToObj(this::average).toList();
        List<Interval> gains = averages.stream()
                .map(each -> bootstrap.meanDifferenceOfGroups(averages.get(0).scores(), each.scores()))
                .toList();
        return ResultTable.of(Table.create("averages").addColumns(
                        StringColumn.create("condition", conditions),
                        IntColumn.create("tasks", averages.stream().mapToInt(each -> tasks.size()).toArray()),
                        DoubleColumn.create("average accuracy, %",
                                averages.stream().mapToDouble(each -> 100 * each.value()).toArray()),
                        DoubleColumn.create("standard error", averages.stream()
                                .mapToDouble(each -> 100 * each.standardError().orElse(Double.NaN)).toArray()),
                        DoubleColumn.create("points above the original", ends(gains, gain -> 100 * gain.estimate())),
                        DoubleColumn.create("points low", ends(gains, gain -> 100 * gain.low())),
                        DoubleColumn.create("points high", ends(gains, gain -> 100 * gain.high()))))
                .format("average accuracy, %", CellFormat.fixed(1))
                .format("standard error", CellFormat.fixed(1))
                .format("points above the original", CellFormat.fixed(1))
                .interval("95 % interval", "points low", "points high", CellFormat.fixed(1));
    }

    private List<Cell> cells() {
        List<Cell> raw = tasks.stream()
                .flatMap(task -> IntStream.range(0, conditions.size()).mapToObj(condition -> new Cell(
                        task,
                        condition,
                        conditions.get(condition),
                        condition == 0 ? Double.NaN : task.against(task.accuracies.get(0), condition).pValue())))
                .toList();
        double[] corrected = Holm.adjust(raw.stream().mapToDouble(Cell::pValue).toArray());
        return IntStream.range(0, raw.size())
                .mapToObj(i -> new Cell(raw.get(i).task, raw.get(i).condition, raw.get(i).name, corrected[i]))
                .toList();
    }

    private static double[] ends(List<Interval> intervals, ToDoubleFunction<Interval> end) {
        return intervals.stream().mapToDouble(end).toArray();
    }

    private static StringColumn text(String name, List<Cell> cells, Function<Cell, String> value) {
        return StringColumn.create(name, cells.stream().map(value));
    }

    private static IntColumn count(String name, List<Cell> cells, Function<Cell, Integer> value) {
        return IntColumn.create(name, cells.stream().mapToInt(value::apply).toArray());
    }

    private static DoubleColumn number(String name, List<Cell> cells, ToDoubleFunction<Cell> value) {
        return DoubleColumn.create(name, cells.stream().mapToDouble(value).toArray());
    }
}
