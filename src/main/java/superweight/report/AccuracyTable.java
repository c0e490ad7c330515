package superweight.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import superweight.measure.Accuracy;
import superweight.measure.Condition;
import superweight.measure.ZeroShotTask;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Zero-shot accuracies of several conditions, in percent as the paper's Table 1 has them. */
public record AccuracyTable(List<Row> rows) {
    /** One condition on one task. */
    public record Row(ZeroShotTask task, String condition, Accuracy accuracy) {}

    public AccuracyTable {
        rows = List.copyOf(rows);
    }

    /** No rows yet. */
    public static AccuracyTable empty() {
        return new AccuracyTable(List.of());
    }

    /** With the conditions of one more task. */
    public AccuracyTable with(ZeroShotTask task, List<Condition> conditions, List<Accuracy> measured) {
        List<Row> more = new ArrayList<>(rows);
        IntStream.range(0, conditions.size())
                .mapToObj(i -> new Row(task, conditions.get(i).name(), measured.get(i)))
                .forEach(more::add);
        return new AccuracyTable(more);
    }

    public ResultTable table() {
        return ResultTable.of(Table.create("accuracy").addColumns(
                        StringColumn.create("task", rows.stream().map(row -> row.task.toString())),
                        StringColumn.create("condition", rows.stream().map(Row::condition)),
                        IntColumn.create("items", rows.stream().mapToInt(row -> row.accuracy.items()).toArray()),
                        DoubleColumn.create("accuracy, %",
                                rows.stream().mapToDouble(row -> 100 * row.accuracy.value()).toArray()),
                        DoubleColumn.create("standard error", rows.stream()
                                .mapToDouble(row -> 100 * row.accuracy.standardError().orElse(Double.NaN))
                                .toArray())))
                .format("accuracy, %", CellFormat.fixed(1))
                .format("standard error", CellFormat.fixed(1));
    }
}
