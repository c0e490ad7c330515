package superweight.report;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import superweight.report.Inequality.Outcome;
import superweight.stats.Interval;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * Two explanations of one result, held against what changes did of which they expect different things.
 *
 * @param first what the first explanation is called
 * @param second what the second is called
 */
public record RivalExplanations(String first, String second, List<Row> rows) {
    /**
     * A change and what came of it.
     *
     * @param first what the first explanation expects of that
     * @param second what the second does
     */
    public record Row(String change, Interval measured, Expectation first, Expectation second) {}

    public RivalExplanations {
        rows = List.copyOf(rows);
    }

    /** How many of the first explanation's expectations came out so. */
    public long ofFirst(Outcome outcome) {
        return count(Row::first, outcome);
    }

    /** How many of the second explanation's expectations came out so. */
    public long ofSecond(Outcome outcome) {
        return count(Row::second, outcome);
    }

    private long count(Function<Row, Expectation> explanation, Outcome outcome) {
        return rows.stream()
                .filter(row -> explanation.apply(row).judge(row.measured).equals(Optional.of(outcome)))
                .count();
    }

    public ResultTable table() {
        return ResultTable.of(Table.create("explanations").addColumns(
                        StringColumn.create("change", rows.stream().map(Row::change)),
                        DoubleColumn.create("measured", rows.stream().mapToDouble(row -> row.measured.estimate())),
                        DoubleColumn.create("low", rows.stream().mapToDouble(row -> row.measured.low())),
                        DoubleColumn.create("high", rows.stream().mapToDouble(row -> row.measured.high())),
                        StringColumn.create(first, judged(Row::first)),
                        StringColumn.create(second, judged(Row::second))))
                .format("measured", CellFormat.fixed(3))
                .interval("95 % interval", "low", "high", CellFormat.fixed(3));
    }

    private Stream<String> judged(Function<Row, Expectation> explanation) {
        return rows.stream().map(row -> {
            Expectation expected = explanation.apply(row);
            return expected.judge(row.measured).map(outcome -> expected + ": " + outcome).orElse("\u2013");
        });
    }
}
