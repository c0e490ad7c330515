package superweight.report;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import superweight.measure.Token;
import superweight.stats.Holm;
import superweight.stats.Interval;
import superweight.stats.PairedBootstrap;
import superweight.stats.PermutationTest;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** The mean probability of some tokens in the original model and in a changed one (paper figure 5). */
public record TokenComparison(List<Row> rows) {
    /**
     * One token.
     *
     * @param original mean probability over prompts
     * @param changed the same after the change
     * @param ratio changed by original, paired by prompts
     * @param pValue of the paired permutation test, corrected by Holm for all tokens of the comparison
     */
    public record Row(Token token, Interval original, Interval changed, Interval ratio, double pValue) {}

    public TokenComparison {
        rows = List.copyOf(rows);
    }

    /**
     * @param tokens in the order in which they are to be listed
     * @param original for each of them one probability a prompt, {@code [tokens][prompts]}
     * @param changed the same after the change
     */
    public static TokenComparison of(
            List<Token> tokens,
            double[][] original,
            double[][] changed,
            PairedBootstrap bootstrap,
            PermutationTest test) {
        double[] pValues = Holm.adjust(IntStream.range(0, tokens.size())
                .mapToDouble(i -> test.pValue(original[i], changed[i]))
                .toArray());
        return new TokenComparison(IntStream.range(0, tokens.size())
                .mapToObj(i -> new Row(
                        tokens.get(i),
                        bootstrap.mean(original[i]),
                        bootstrap.mean(changed[i]),
                        bootstrap.ratioOfMeans(original[i], changed[i]),
                        pValues[i]))
                .toList());
    }

    /** Those of some tokens only, in these tokens' order; the correction stays that for all. */
    public TokenComparison only(List<Token> tokens) {
        return new TokenComparison(tokens.stream().map(this::row).toList());
    }

    /** The row of one of the tokens. */
    public Row row(Token token) {
        return rows.stream().filter(row -> row.token.equals(token)).findFirst().orElseThrow();
    }

    /** How many tokens change beyond what the choice of prompts explains, all tokens considered. */
    public long significant(double level) {
        return rows.stream().filter(row -> row.pValue < level).count();
    }

    public ResultTable table() {
        return ResultTable.of(Table.create("tokens").addColumns(
                        StringColumn.create("token", rows.stream().map(row -> row.token.quoted())),
                        StringColumn.create("counts as", rows.stream().map(row -> row.token.kind().toString())),
                        column("before, %", row -> 100 * row.original.estimate()),
                        column("after, %", row -> 100 * row.changed.estimate()),
                        column("times", row -> row.ratio.estimate()),
                        column("times low", row -> row.ratio.low()),
                        column("times high", row -> row.ratio.high()),
                        column("p, Holm", Row::pValue)))
                .format("before, %", CellFormat.fixed(2))
                .format("after, %", CellFormat.fixed(2))
                .format("times", CellFormat.significant(3))
                .interval("95 % interval", "times low", "times high", CellFormat.significant(3))
                .format("p, Holm", CellFormat.significant(2));
    }

    /** Each token's probability before and after. */
    public DotFigure figure(String title, String before, String after) {
        return new DotFigure(title, "mean probability of the next token, % (log scale, 95 % interval over contexts)",
                rows.stream()
                        .flatMap(row -> Stream.of(
                                DotFigure.Point.of(row.token.quoted(), row.original.inPercent()).in(before),
                                DotFigure.Point.of(row.token.quoted(), row.changed.inPercent()).in(after)))
                        .toList());
    }

    /** How many times each token's probability is the original's. */
    public DotFigure ratios(String title) {
        return new DotFigure(title, "probability after / before (log scale, 95 % paired interval over contexts)",
                rows.stream().map(row -> DotFigure.Point.of(row.token.quoted(), row.ratio)).toList())
                .withReference("unchanged", 1);
    }

    private DoubleColumn column(String name, ToDoubleFunction<Row> value) {
        return DoubleColumn.create(name, rows.stream().mapToDouble(value).toArray());
    }
}
