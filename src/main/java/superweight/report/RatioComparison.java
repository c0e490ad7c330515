package superweight.report;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Several models' likeliest tokens, stopwords and others, this run's beside the paper's (figures 5, 11 to 13). */
public record RatioComparison(List<TokenRatios> models) {
    public RatioComparison {
        models = List.copyOf(models);
    }

    private record Group(String name, TokenRatios tokens) {
        String row() {
            return "%s, %s (%s)".formatted(name, tokens.model(), tokens.source());
        }
    }

    private List<Group> groups() {
        return Stream.concat(
                        models.stream().map(each -> new Group("stopwords", each.stopwords())),
                        models.stream().map(each -> new Group("others", each.others())))
                .toList();
    }

    /** Per model and kind: how many of its likeliest tokens, and how their probability changes. */
    public ResultTable table() {
        List<Group> groups = groups();
        return ResultTable.of(Table.create("ratios").addColumns(
                        StringColumn.create("model", groups.stream().map(each -> each.tokens.model())),
                        StringColumn.create("whose", groups.stream().map(each -> each.tokens.source().toString())),
                        StringColumn.create("tokens", groups.stream().map(Group::name)),
                        IntColumn.create("number",
                                groups.stream().mapToInt(each -> each.tokens.tokens().size()).toArray()),
                        column(groups, "before, %", each -> 100 * each.massBefore()),
                        column(groups, "after, %", each -> 100 * each.massAfter()),
                        column(groups, "times together", TokenRatios::together),
                        column(groups, "median times", TokenRatios::median),
                        column(groups, "smallest", TokenRatios::smallest),
                        column(groups, "largest", TokenRatios::largest),
                        column(groups, "rise, %", each -> 100 * each.rising())))
                .format("before, %", CellFormat.fixed(1))
                .format("after, %", CellFormat.fixed(1))
                .format("times together", CellFormat.significant(3))
                .format("median times", CellFormat.significant(3))
                .format("smallest", CellFormat.significant(2))
                .format("largest", CellFormat.significant(3))
                .format("rise, %", CellFormat.fixed(0));
    }

    /** Every token's ratio, a row for each model and kind. */
    public DotFigure figure(String title) {
        return new DotFigure(title, "probability after / before, one point a token (log scale)", groups().stream()
                .flatMap(group -> Arrays.stream(group.tokens.ratios()).mapToObj(ratio ->
                        switch (group.tokens.source()) {
                            case THIS_RUN -> DotFigure.Point.of(group.row(), ratio);
                            case PAPER -> DotFigure.Point.paper(group.row(), ratio);
                        }))
                .toList()).withReference("unchanged", 1);
    }

    private static DoubleColumn column(List<Group> groups, String name, ToDoubleFunction<TokenRatios> value) {
        return DoubleColumn.create(
                name, groups.stream().mapToDouble(each -> value.applyAsDouble(each.tokens)).toArray());
    }
}
