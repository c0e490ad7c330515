package superweight.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import superweight.measure.Perplexity;
import superweight.quantize.OutlierTreatment;
import superweight.stats.Interval;
import superweight.stats.PairedBootstrap;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Block sizes by treatments of outliers, each held against the original model and against plain rounding (Fig. 7). */
public record BlockComparison(List<Row> rows) {
    /**
     * One way to quantize.
     *
     * @param block weights that share one step, such as {@code 16,384}, or {@code tensor}
     * @param bits that a weight takes, its share of its block's step and smallest weight counted
     * @param treatment what is done about outliers
     * @param clip how they are clipped, {@code -} where they are not
     * @param clipped how many weights of all linear layers that touches; empty where none are
     */
    public record Setting(
            String block, double bits, OutlierTreatment treatment, String clip, OptionalLong clipped) {
        /** The same with its width beside its block's size, for a table of several widths. */
        Setting withWidth(int width) {
            return new Setting("%s at %d bits".formatted(block, width), bits, treatment, clip, clipped);
        }

        /** What a table or a curve calls it. */
        public String name() {
            return treatment.clips() ? "%s (%s)".formatted(treatment, clip) : treatment.toString();
        }
    }

    /**
     * @param original times the original model's perplexity, paired by windows
     * @param plain times that of plain rounding in blocks of this size
     */
    public record Row(Setting setting, Interval perplexity, Interval original, Interval plain) {}

    /** A broken model answers to the last bit of its sums: of its perplexity the order of magnitude can be repeated. */
    private static final CellFormat MAGNITUDE = CellFormat.significantBetween(0.1, 1000, 3);

    public BlockComparison {
        rows = List.copyOf(rows);
    }

    /**
     * @param settings plain rounding once for each block size among them
     * @param measured one a setting
     */
    public static BlockComparison of(
            List<Setting> settings, Perplexity original, List<Perplexity> measured, PairedBootstrap bootstrap) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < settings.size(); i++) {
            String block = settings.get(i).block;
            int plain = IntStream.range(0, settings.size())
                    .filter(j -> settings.get(j).block.equals(block)
                            && settings.get(j).treatment == OutlierTreatment.NONE)
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no plain rounding in blocks of " + block));
            double[] nll = measured.get(i).nll();
            rows.add(new Row(
                    settings.get(i),
                    bootstrap.perplexity(nll),
                    bootstrap.perplexityRatio(original.nll(), nll),
                    bootstrap.perplexityRatio(measured.get(plain).nll(), nll)));
        }
        return new BlockComparison(rows);
    }

    /** The block sizes, in their order. */
    public List<String> blocks() {
        return rows.stream().map(row -> row.setting.block).distinct().toList();
    }

    /** The rows of one treatment, with outliers clipped in one way. */
    public BlockComparison only(OutlierTreatment treatment, String clip) {
        return new BlockComparison(rows.stream()
                .filter(row -> row.setting.treatment == treatment && row.setting.clip.equals(clip))
                .toList());
    }

    /** The row of one block size; of several the first. */
    public Row at(String block) {
        return rows.stream().filter(row -> row.setting.block.equals(block)).findFirst().orElseThrow();
    }

    public ResultTable table() {
        return ResultTable.of(Table.create("blocks").addColumns(
                        StringColumn.create("weights in a block", rows.stream().map(row -> row.setting.block)),
                        column("bits per weight", row -> row.setting.bits),
                        StringColumn.create("outliers", rows.stream().map(row -> row.setting.treatment.toString())),
                        StringColumn.create("clip", rows.stream().map(row -> row.setting.clip)),
                        clipped(),
                        column("perplexity", row -> row.perplexity.estimate()),
                        column("times the original", row -> row.original.estimate()),
                        column("original low", row -> row.original.low()),
                        column("original high", row -> row.original.high()),
                        column("times plain", row -> row.plain.estimate()),
                        column("plain low", row -> row.plain.low()),
                        column("plain high", row -> row.plain.high())))
                .format("bits per weight", CellFormat.fixed(4))
                .format("perplexity", MAGNITUDE)
                .format("times the original", MAGNITUDE)
                .interval("95 % interval", "original low", "original high", MAGNITUDE)
                .format("times plain", CellFormat.significantBetween(0.1, 1000, 2))
                .interval(
                        "95 % interval of that", "plain low", "plain high",
                        CellFormat.significantBetween(0.1, 1000, 2));
    }

    private LongColumn clipped() {
        LongColumn clipped = LongColumn.create("weights clipped");
        rows.forEach(row -> row.setting.clipped.ifPresentOrElse(clipped::append, clipped::appendMissing));
        return clipped;
    }

    /** Perplexity, times the original's, against block size: a curve for each way to treat outliers. */
    public LineFigure figure(String title) {
        List<String> blocks = blocks();
        List<LineFigure.Series> series = rows.stream().map(row -> row.setting.name()).distinct()
                .map(name -> {
                    List<Row> own = rows.stream().filter(row -> row.setting.name().equals(name)).toList();
                    return LineFigure.Series.of(
                            name,
                            own.stream().map(row -> (double) blocks.indexOf(row.setting.block)).toList(),
                            own.stream().map(Row::original).toList());
                })
                .toList();
        return LineFigure.logarithmic(title, "weights in a block (bits per weight)",
                        "perplexity, times the original's (this run, log scale)", series)
                .withTicks(blocks.stream()
                        .map(block -> String.format(Locale.ROOT, "%s (%.3f)", block, at(block).setting.bits))
                        .toList())
                .withReference("original", 1);
    }

    private DoubleColumn column(String name, ToDoubleFunction<Row> value) {
        return DoubleColumn.create(name, rows.stream().mapToDouble(value).toArray());
    }
}
