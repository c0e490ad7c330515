package superweight.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import superweight.measure.Condition;
import superweight.measure.Perplexity;
import superweight.stats.Interval;
import superweight.stats.PairedBootstrap;
import superweight.stats.RegainedShare;

/**
 * Ways to quantize weights and activations, each held against the float model and against the naive way (paper Tables 3,
 * 4 and 7).
 */
public record W8A8Comparison(List<Row> rows) {
    /**
     * One way.
     *
     * @param original times the float model's perplexity, paired by windows
     * @param naive times that of the naive way
     * @param ofSmoothQuant how much it regains of what SmoothQuant does, Table 3's scale; empty where SmoothQuant gains
     *     nothing beyond noise, and for the naive way itself
     * @param ofGap how much it regains of what the naive way costs, the scale of Tables 4 and 7; empty as above
     */
    public record Row(
            String name,
            Interval perplexity,
            Interval original,
            Interval naive,
            Optional<Interval> ofSmoothQuant,
            Optional<Interval> ofGap) {}

    private static final Interval MISSING = new Interval(Double.NaN, Double.NaN, Double.NaN, PairedBootstrap.LEVEL);

    public W8A8Comparison {
        rows = List.copyOf(rows);
    }

    /**
     * @param original of the float model
     * @param ways the naive one first, then the SmoothQuant that others are held against
     * @param measured one a way, on the same windows
     */
    public static W8A8Comparison of(
            Perplexity original, List<Condition> ways, List<Perplexity> measured, PairedBootstrap bootstrap) {
        double[] better = original.nll();
        double[] naive = measured.get(0).nll();
        double[] smoothQuant = measured.get(1).nll();
        RegainedShare share = new RegainedShare(bootstrap);
        return new W8A8Comparison(IntStream.range(0, ways.size())
                .mapToObj(i -> {
                    double[] nll = measured.get(i).nll();
                    return new Row(
                            ways.get(i).name(),
                            bootstrap.perplexity(nll),
                            bootstrap.perplexityRatio(better, nll),
                            bootstrap.perplexityRatio(naive, nll),
                            i == 0 ? Optional.empty() : share.of(smoothQuant, naive, nll),
                            i == 0 ? Optional.empty() : share.of(better, naive, nll));
                })
                .toList());
    }

    /** The row of one way. */
    public Row at(String name) {
        return rows.stream().filter(row -> row.name.equals(name)).findFirst().orElseThrow();
    }

    /** These rows and those of another comparison. */
    public W8A8Comparison and(W8A8Comparison other) {
        return new W8A8Comparison(Stream.concat(rows.stream(), other.rows.stream()).toList());
    }

    public ResultTable table() {
        return IntervalTable.of("weights and activations", rows, Row::name)
                .number("perplexity", CellFormat.fixed(2), row -> row.perplexity.estimate())
                .interval("times float", CellFormat.fixed(3), Row::original)
                .interval("times naive", CellFormat.fixed(3), Row::naive)
                .interval("% of SmoothQuant's gain", CellFormat.fixed(0), row -> percent(row.ofSmoothQuant))
                .interval("% of the gap", CellFormat.fixed(0), row -> percent(row.ofGap))
                .table();
    }

    private static Interval percent(Optional<Interval> share) {
        return share.map(Interval::inPercent).orElse(MISSING);
    }

    /** Times the float model's perplexity, a point a way. */
    public DotFigure figure(String title) {
        List<DotFigure.Point> points = new ArrayList<>();
        rows.forEach(row -> points.add(DotFigure.Point.of(row.name, row.original)));
        return new DotFigure(title, "perplexity, times the float model's (this run, log scale; bars: 95 % intervals)",
                points).withReference("float", 1);
    }
}
