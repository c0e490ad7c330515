package superweight.report;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import superweight.measure.Condition;
import superweight.measure.Perplexity;
import superweight.model.Intervention;
import superweight.stats.Interval;
import superweight.stats.PairedBootstrap;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Conditions side by side, each with its perplexity and how many times the first one's that is. */
public record PerplexityComparison(List<Row> rows) {
    /**
     * One condition.
     *
     * @param weights how many weights it changes
     * @param perplexity with its interval over windows
     * @param ratio to the first condition's perplexity, paired by windows
     */
    public record Row(String condition, int weights, Interval perplexity, Interval ratio) {}

    /** Compares all conditions with the first, which is the original model. */
    public static PerplexityComparison of(
            List<Condition> conditions, List<Perplexity> measured, PairedBootstrap bootstrap) {
        double[] original = measured.get(0).nll();
        return new PerplexityComparison(IntStream.range(0, conditions.size())
                .mapToObj(i -> new Row(
                        conditions.get(i).name(),
                        conditions.get(i).interventions().stream().mapToInt(Intervention::weights).sum(),
                        bootstrap.perplexity(measured.get(i).nll()),
                        bootstrap.perplexityRatio(original, measured.get(i).nll())))
                .toList());
    }

    /** @param what the first column's name: what the conditions are, such as {@code pruned} */
    public ResultTable table(String what) {
        return ResultTable.of(Table.create("perplexity").addColumns(
                        StringColumn.create(what, rows.stream().map(Row::condition)),
                        IntColumn.create("weights", rows.stream().mapToInt(Row::weights).toArray()),
                        column("perplexity", row -> row.perplexity.estimate()),
                        column("perplexity low", row -> row.perplexity.low()),
                        column("perplexity high", row -> row.perplexity.high()),
                        column("times the original", row -> row.ratio.estimate()),
                        column("times low", row -> row.ratio.low()),
                        column("times high", row -> row.ratio.high())))
                .format("perplexity", CellFormat.fixed(2))
                .interval("95 % interval", "perplexity low", "perplexity high", CellFormat.fixed(2))
                .format("times the original", CellFormat.fixed(3))
                .interval("95 % interval of that", "times low", "times high", CellFormat.fixed(3));
    }

    /** Perplexity of every condition on a logarithmic axis, the first as a line to compare with. */
    public DotFigure figure(String title) {
        List<DotFigure.Point> points = rows.stream()
                .map(row -> DotFigure.Point.of(row.condition, row.perplexity))
                .toList();
        return new DotFigure(title, "perplexity (this run, log scale; bars: 95 % intervals)", points)
                .withReference(rows.get(0).condition, rows.get(0).perplexity.estimate());
    }

    private DoubleColumn column(String name, ToDoubleFunction<Row> value) {
        return DoubleColumn.create(name, rows.stream().mapToDouble(value).toArray());
    }
}
