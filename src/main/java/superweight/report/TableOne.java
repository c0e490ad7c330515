package superweight.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import superweight.measure.ZeroShotTask;
import superweight.stats.EffectSize;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * The paper's Table 1 (Llama-7B) and the arithmetic that its averages and its text rest on, recomputed from the printed
 * columns.
 *
 * @param printed accuracies in percent by row and task, the column AVG, and under {@value #TEXT_AVERAGE} the average
 *     that section 3.2 writes instead
 */
public record TableOne(PrintedTable printed) {
    /** The tasks in the table's order. */
    public static final List<ZeroShotTask> TASKS = List.of(
            ZeroShotTask.ARC_CHALLENGE, ZeroShotTask.ARC_EASY, ZeroShotTask.HELLASWAG, ZeroShotTask.LAMBADA_OPENAI,
            ZeroShotTask.PIQA, ZeroShotTask.SCIQ, ZeroShotTask.WINOGRANDE);

    private static final String AVERAGE = "AVG";
    private static final String TEXT_AVERAGE = "AVG in the text";
    private static final String LABEL = "paper, Llama-7B";

    /** What the table compares. */
    public enum Row {
        ORIGINAL("Original", "original", "original"),
        PRUNED("Prune SW", "prune-sw", "super weight pruned"),
        OTHERS_PRUNED("Prune Non-SW", "prune-non-sw", "top millionth of each matrix"),
        RESTORED("Prune SW, +SA", "restore-sa", "activation restored");

        private final String printed;
        private final String claim;
        private final String condition;

        Row(String printed, String claim, String condition) {
            this.printed = printed;
            this.claim = claim;
            this.condition = condition;
        }

        /** What the paper calls it. */
        @Override
        public String toString() {
            return printed;
        }

        /** What this project calls the condition that the row was measured under. */
        public String condition() {
            return condition;
        }

        /** Its part of the ids of claims, as in {@code table-1-prune-sw-piqa}. */
        String claim() {
            return claim;
        }
    }

    /** Accuracies as they are printed, in percent. */
    public ResultTable accuracies() {
        List<String> columns = Stream.concat(TASKS.stream().map(ZeroShotTask::toString), Stream.of(AVERAGE)).toList();
        Table data = Table.create("table 1").addColumns(rowNames());
        columns.forEach(column -> data.addColumns(DoubleColumn.create(
                column, rows().map(row -> printed.value(row.toString(), column)).toList())));
        ResultTable table = ResultTable.of(data);
        for (String column : columns) {
            table = table.format(column, CellFormat.fixed(2));
        }
        return table;
    }

    /** The mean of a row's columns, in percent. */
    public double average(Row row, List<ZeroShotTask> tasks) {
        return printed.average(row.toString(), tasks.stream().map(ZeroShotTask::toString).toList());
    }

    /** The column AVG beside the mean of the seven columns, and by what rule the one follows from the other. */
    public ResultTable averages() {
        return ResultTable.of(Table.create("averages").addColumns(
                        rowNames(),
                        DoubleColumn.create("printed average, %", rows().map(this::printedAverage).toList()),
                        DoubleColumn.create(
                                "mean of the seven columns", rows().map(row -> average(row, TASKS)).toList()),
                        StringColumn.create("the printed one is", rows().map(this::rule))))
                .format("printed average, %", CellFormat.fixed(2))
                .format("mean of the seven columns", CellFormat.fixed(3));
    }

    private double printedAverage(Row row) {
        return printed.value(row.toString(), AVERAGE);
    }

    private String rule(Row row) {
        BigDecimal mean = new BigDecimal(average(row, TASKS));
        double value = printedAverage(row);
        return value == mean.setScale(2, RoundingMode.HALF_EVEN).doubleValue() ? "rounded"
                : value == mean.setScale(2, RoundingMode.DOWN).doubleValue() ? "cut off"
                : "another number";
    }

    /** The tasks whose restored accuracy is the original's to the last digit. */
    public List<ZeroShotTask> repeated() {
        return TASKS.stream()
                .filter(task -> printed.value(Row.RESTORED.toString(), task.toString())
                        == printed.value(Row.ORIGINAL.toString(), task.toString()))
                .toList();
    }

    /** The tasks that have a restored accuracy of their own. */
    public List<ZeroShotTask> notRepeated() {
        return TASKS.stream().filter(task -> !repeated().contains(task)).toList();
    }

    /** What share of the accuracy that was lost on these tasks is recovered, from the means of their columns. */
    public double recovered(List<ZeroShotTask> tasks) {
        return EffectSize.recovered(
                average(Row.ORIGINAL, tasks), average(Row.PRUNED, tasks), average(Row.RESTORED, tasks));
    }

    /** The recovered share by every reading: the table's averages, the text's, and tasks together and alone. */
    public ResultTable recovered() {
        Map<String, Double> shares = new LinkedHashMap<>();
        shares.put("the table's averages", recoveredWith(printedAverage(Row.RESTORED)));
        shares.put("the table's averages, the text's for the last row",
                recoveredWith(printed.value(Row.RESTORED.toString(), TEXT_AVERAGE)));
        shares.put("all tasks but " + words(repeated()), recovered(notRepeated()));
        TASKS.forEach(task -> shares.put(task + " alone", recovered(List.of(task))));
        return ResultTable.of(Table.create("recovered").addColumns(
                        StringColumn.create(LABEL, new ArrayList<>(shares.keySet())),
                        DoubleColumn.create("recovered, % of the loss",
                                shares.values().stream().map(share -> 100 * share).toList())))
                .format("recovered, % of the loss", CellFormat.fixed(2));
    }

    private double recoveredWith(double restored) {
        return EffectSize.recovered(printedAverage(Row.ORIGINAL), printedAverage(Row.PRUNED), restored);
    }

    private static String words(List<ZeroShotTask> tasks) {
        return String.join(" and ", tasks.stream().map(ZeroShotTask::toString).toList());
    }

    private static Stream<Row> rows() {
        return Arrays.stream(Row.values());
    }

    private static StringColumn rowNames() {
        return StringColumn.create(LABEL, rows().map(Row::toString));
    }
}
