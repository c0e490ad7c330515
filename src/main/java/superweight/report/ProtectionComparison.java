package superweight.report;

import java.util.ArrayList;
import java.util.List;
import superweight.measure.StridedPerplexity;
import superweight.stats.Interval;
import superweight.stats.PairedBootstrap;

/** Ways to protect weights from quantization, each held against the same quantization with nothing protected. */
public record ProtectionComparison(List<Row> rows) {
    /**
     * One condition.
     *
     * @param quantization what is quantized and how; the first setting of each protects nothing
     * @param protection what is spared
     */
    public record Setting(String quantization, String protection) {}

    /**
     * @param original times the unquantized model's perplexity, paired by windows
     * @param saved percent of the perplexity of the same quantization with nothing protected
     */
    public record Row(Setting setting, Interval perplexity, Interval original, Interval saved) {
        /** What a table or a figure calls it. */
        String name() {
            return "%s: %s".formatted(setting.quantization, setting.protection);
        }
    }

    public ProtectionComparison {
        rows = List.copyOf(rows);
    }

    /** @param measured one a setting, on the windows of the original */
    public static ProtectionComparison of(
            List<Setting> settings,
            StridedPerplexity original,
            List<StridedPerplexity> measured,
            PairedBootstrap bootstrap) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < settings.size(); i++) {
            double[] nll = measured.get(i).nll();
            double[] plain = measured.get(first(settings, settings.get(i).quantization)).nll();
            rows.add(new Row(
                    settings.get(i),
                    bootstrap.perplexity(nll),
                    bootstrap.perplexityRatio(original.nll(), nll),
                    bootstrap.perplexitySaved(plain, nll)));
        }
        return new ProtectionComparison(rows);
    }

    private static int first(List<Setting> settings, String quantization) {
        int first = 0;
        while (!settings.get(first).quantization.equals(quantization)) {
            first++;
        }
        return first;
    }

    /** The row of one setting. */
    public Row at(String quantization, String protection) {
        return rows.stream()
                .filter(row -> row.setting.equals(new Setting(quantization, protection)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "not measured: %s: %s".formatted(quantization, protection)));
    }

    /** The rows of some quantizations, in their order here. */
    public ProtectionComparison only(List<String> quantizations) {
        return new ProtectionComparison(
                rows.stream().filter(row -> quantizations.contains(row.setting.quantization)).toList());
    }

    private List<Row> protecting() {
        return rows.stream()
                .filter(row -> !rows.get(first(rows.stream().map(Row::setting).toList(), row.setting.quantization))
                        .equals(row))
                .toList();
    }

    public ResultTable table() {
        return IntervalTable.of("quantized: protected", rows, Row::name)
                .number("perplexity", CellFormat.fixed(4), row -> row.perplexity.estimate())
                .interval("times the original's", CellFormat.fixed(4), Row::original)
                .interval("saved, %", CellFormat.fixed(3), Row::saved)
                .table();
    }

    /** What every protection saves, on a linear axis about nothing. */
    public DotFigure figure(String title) {
        return DotFigure.linear(title, "% of perplexity saved by protecting (this run; bars: 95 % intervals)",
                        protecting().stream().map(row -> DotFigure.Point.of(row.name(), row.saved)).toList())
                .withReference("nothing saved", 0);
    }
}
