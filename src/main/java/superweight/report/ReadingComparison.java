package superweight.report;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import superweight.measure.Perplexity;
import superweight.model.Intervention;
import superweight.quantize.W8A8Reading;
import superweight.stats.Interval;
import superweight.stats.PairedBootstrap;
import superweight.stats.RegainedShare;

/** What holding out the super activation does to W8A8 under each reading of what the paper leaves open. */
public record ReadingComparison(List<Row> rows) {
    /**
     * One reading.
     *
     * @param naive perplexity of its own naive way
     * @param heldOut perplexity with super activations held out
     * @param ratio held out by naive, paired by windows
     * @param ofGap which share of what its naive way costs is regained; empty where that is not beyond noise
     */
    public record Row(String name, double naive, double heldOut, Interval ratio, Optional<Interval> ofGap) {}

    private static final Interval MISSING = new Interval(Double.NaN, Double.NaN, Double.NaN, PairedBootstrap.LEVEL);

    public ReadingComparison {
        rows = List.copyOf(rows);
    }

    /**
     * @param original of the float model
     * @param measured every model of the readings, on the same windows
     */
    public static ReadingComparison of(
            Perplexity original,
            List<W8A8Reading> readings,
            Map<List<Intervention>, Perplexity> measured,
            PairedBootstrap bootstrap) {
        RegainedShare share = new RegainedShare(bootstrap);
        return new ReadingComparison(readings.stream().map(reading -> {
            Perplexity naive = measured.get(reading.naive());
            Perplexity heldOut = measured.get(reading.heldOut());
            return new Row(
                    reading.name(), naive.value(), heldOut.value(),
                    bootstrap.perplexityRatio(naive.nll(), heldOut.nll()),
                    share.of(original.nll(), naive.nll(), heldOut.nll()));
        }).toList());
    }

    public ResultTable table() {
        return IntervalTable.of("reading", rows, Row::name)
                .number("naive", CellFormat.fixed(2), Row::naive)
                .number("held out", CellFormat.fixed(2), Row::heldOut)
                .interval("held out / naive", CellFormat.fixed(3), Row::ratio)
                .interval("% of the gap", CellFormat.fixed(0),
                        row -> row.ofGap.map(Interval::inPercent).orElse(MISSING))
                .table();
    }
}
