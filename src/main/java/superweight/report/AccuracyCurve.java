package superweight.report;

import java.util.List;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import superweight.InvalidInputException;
import superweight.measure.AverageAccuracy;
import superweight.stats.Holm;
import superweight.stats.Interval;
import superweight.stats.McNemar;
import superweight.stats.PairedBootstrap;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.Table;

/**
 * Average zero-shot accuracy against the factor of the super weights (paper Figure 6), each factor held against the
 * original model item by item.
 */
public record AccuracyCurve(List<Row> rows) {
    private static final double ORIGINAL = 1;

    /**
     * One factor.
     *
     * @param gain average accuracy less the original's, in percentage points, drawn anew task by task
     * @param ratio average accuracy over the original's
     * @param changed McNemar's comparison with the original over the items of all tasks; every item counts the same
     * @param pValue its p-value, corrected by Holm for all factors; NaN for the original itself
     */
    public record Row(
            double factor, AverageAccuracy accuracy, Interval gain, Interval ratio, McNemar changed, double pValue) {}

    public AccuracyCurve {
        rows = List.copyOf(rows);
    }

    /**
     * @param factors among them is 1
     * @param measured one measurement a factor, on the same items of the same tasks
     * @throws InvalidInputException if the original model is not among the factors
     */
    public static AccuracyCurve of(List<Double> factors, List<AverageAccuracy> measured, PairedBootstrap bootstrap) {
        int one = factors.indexOf(ORIGINAL);
        if (one < 0) {
            throw new InvalidInputException(
                    "A curve over factors needs the original model, factor 1, but has " + factors + ".");
        }
        AverageAccuracy original = measured.get(one);
        List<McNemar> changed = measured.stream()
                .map(each -> McNemar.of(original.right(), each.right()))
                .toList();
        double[] pValues = Holm.adjust(IntStream.range(0, factors.size())
                .mapToDouble(i -> i == one ? Double.NaN : changed.get(i).pValue())
                .toArray());
        return new AccuracyCurve(IntStream.range(0, factors.size())
                .mapToObj(i -> new Row(
                        factors.get(i),
                        measured.get(i),
                        bootstrap.meanDifferenceOfGroups(original.scores(), measured.get(i).scores()).inPercent(),
                        bootstrap.ofAverages(
                                List.of(original.scores(), measured.get(i).scores()), mean -> mean[1] / mean[0]),
                        changed.get(i),
                        pValues[i]))
                .toList());
    }

    /** The row of one of the factors. */
    public Row at(double factor) {
        return rows.stream().filter(row -> row.factor == factor).findFirst().orElseThrow();
    }

    public ResultTable table() {
        return ResultTable.of(Table.create("accuracy").addColumns(
                        column("factor", Row::factor),
                        column("average accuracy, %", row -> 100 * row.accuracy.value()),
                        column("standard error", row -> 100 * orNaN(row.accuracy.standardError())),
                        column("points above the original", row -> row.gain.estimate()),
                        column("points low", row -> row.gain.low()),
                        column("points high", row -> row.gain.high()),
                        count("items gained", row -> row.changed.gained()),
                        count("items lost", row -> row.changed.lost()),
                        column("McNemar's p, Holm", Row::pValue)))
                .format("factor", CellFormat.shortest())
                .format("average accuracy, %", CellFormat.fixed(1))
                .format("standard error", CellFormat.fixed(1))
                .format("points above the original", CellFormat.fixed(1))
                .interval("95 % interval", "points low", "points high", CellFormat.fixed(1))
                .format("McNemar's p, Holm", CellFormat.significant(2));
    }

    private static double orNaN(OptionalDouble value) {
        return value.orElse(Double.NaN);
    }

    private DoubleColumn column(String name, ToDoubleFunction<Row> value) {
        return DoubleColumn.create(name, rows.stream().mapToDouble(value).toArray());
    }

    private IntColumn count(String name, ToIntFunction<Row> value) {
        return IntColumn.create(name, rows.stream().mapToInt(value).toArray());
    }
}
