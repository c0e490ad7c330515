package superweight.report;

import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import superweight.InvalidInputException;
import superweight.measure.Perplexity;
import superweight.measure.Scaling;
import superweight.stats.EffectSize;
import superweight.stats.Holm;
import superweight.stats.Interval;
import superweight.stats.PairedBootstrap;
import superweight.stats.PermutationTest;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Perplexity against the factor of the super weights, each factor held against the original model window by window. */
public record ScalingCurve(List<Row> rows) {
    private static final double ORIGINAL = 1;

    /**
     * One factor.
     *
     * @param ratio times the original's perplexity
     * @param pValue of the paired permutation test against the original, corrected by Holm for the curve's factors; NaN
     *     for the original itself, and where the model is destroyed beyond numbers
     * @param cohensDz of the windows' mean negative log-likelihoods against the original's; NaN for the original itself
     * @param best in what share of the bootstrap resamples this factor gives the smallest perplexity
     */
    public record Row(
            double factor, Interval perplexity, Interval ratio, double pValue, double cohensDz, double best) {}

    public ScalingCurve {
        rows = List.copyOf(rows);
    }

    /**
     * @param scaling among its factors is 1
     * @param measured one measurement a factor
     * @throws InvalidInputException if the original model is not among the factors
     */
    public static ScalingCurve of(
            Scaling scaling, List<Perplexity> measured, PairedBootstrap bootstrap, PermutationTest test) {
        List<Double> factors = scaling.factors();
        int one = factors.indexOf(ORIGINAL);
        if (one < 0) {
            throw new InvalidInputException(
                    "A curve over factors needs the original model, factor 1, but has " + factors + ".");
        }
        double[] original = measured.get(one).nll();
        List<double[]> nll = measured.stream().map(Perplexity::nll).toList();
        double[] pValues = Holm.adjust(IntStream.range(0, factors.size())
                .mapToDouble(i -> i == one || !Double.isFinite(measured.get(i).meanNll())
                        ? Double.NaN : test.pValue(original, nll.get(i)))
                .toArray());
        double[] best = bootstrap.shareSmallest(nll);
        return new ScalingCurve(IntStream.range(0, factors.size())
                .mapToObj(i -> new Row(
                        factors.get(i),
                        bootstrap.perplexity(nll.get(i)),
                        bootstrap.perplexityRatio(original, nll.get(i)),
                        pValues[i],
                        i == one ? Double.NaN : EffectSize.cohensDz(original, nll.get(i)),
                        best[i]))
                .toList());
    }

    /** The factor of the smallest perplexity; the first of equals. */
    public double best() {
        return rows.stream().min(Comparator.comparingDouble(row -> row.perplexity.estimate())).orElseThrow().factor;
    }

    /** The row of one of the factors. */
    public Row at(double factor) {
        return rows.stream().filter(row -> row.factor == factor).findFirst().orElseThrow();
    }

    /** Only this factor and those above it. */
    public ScalingCurve from(double factor) {
        return new ScalingCurve(rows.stream().filter(row -> row.factor >= factor).toList());
    }

    /** Only the factors that amplify. */
    public ScalingCurve amplifying() {
        return new ScalingCurve(rows.stream().filter(row -> row.factor > ORIGINAL).toList());
    }

    /** Times the original's perplexity, for a figure. */
    public LineFigure.Series series(String name) {
        return LineFigure.Series.of(
                name, rows.stream().map(Row::factor).toList(), rows.stream().map(Row::ratio).toList());
    }

    /** Several curves one below the other, such as of all super weights together and of each alone. */
    public static ResultTable tableOf(List<String> names, List<ScalingCurve> curves) {
        List<Row> rows = curves.stream().flatMap(curve -> curve.rows.stream()).toList();
        return new ScalingCurve(rows).table(StringColumn.create("weights", IntStream.range(0, curves.size())
                .boxed()
                .flatMap(i -> curves.get(i).rows.stream().map(row -> names.get(i)))));
    }

    public ResultTable table() {
        return table(new StringColumn[0]);
    }

    private ResultTable table(StringColumn... before) {
        return ResultTable.of(Table.create("scaling").addColumns(before).addColumns(
                        column("factor", Row::factor),
                        column("perplexity", row -> row.perplexity.estimate()),
                        column("times the original", row -> row.ratio.estimate()),
                        column("times low", row -> row.ratio.low()),
                        column("times high", row -> row.ratio.high()),
                        column("p, Holm", Row::pValue),
                        column("Cohen's d_z", Row::cohensDz),
                        column("best in resamples", Row::best)))
                .format("factor", CellFormat.shortest())
                .format("perplexity", CellFormat.fixed(2))
                .format("times the original", CellFormat.fixed(4))
                .interval("95 % interval", "times low", "times high", CellFormat.fixed(4))
                .format("p, Holm", CellFormat.significant(2))
                .format("Cohen's d_z", CellFormat.fixed(2))
                .format("best in resamples", CellFormat.fixed(2));
    }

    private DoubleColumn column(String name, ToDoubleFunction<Row> value) {
        return DoubleColumn.create(name, rows.stream().mapToDouble(value).toArray());
    }
}
