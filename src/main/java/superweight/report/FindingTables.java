package superweight.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import superweight.find.Agreement;
import superweight.find.Contribution;
import superweight.find.Evidence;
import superweight.find.Finding;
import superweight.find.Finding.Role;
import superweight.find.WeightStatistics;
import superweight.model.Coordinate;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** What the finder found, as tables. */
public final class FindingTables {
    private FindingTables() {}

    /**
     * Candidates with the evidence for each and the role that the rule gave it: rank in the matrix, the
     * product's share of the output, the output over the layer's median, the loss of super activation.
     */
    public static ResultTable findings(List<Finding> findings) {
        Rows<Finding> rows = new Rows<>(findings);
        return ResultTable.of(Table.create("findings").addColumns(
                        rows.text("role", finding -> finding.role().toString()),
                        rows.text("layer [row, column]", finding -> place(finding.evidence().at())),
                        rows.number("weight", finding -> finding.evidence().weight()),
                        rows.count("rank", finding -> statistics(finding).rankInMatrix()),
                        rows.number("z", finding -> statistics(finding).zScoreInRow()),
                        rows.count("token", finding -> finding.evidence().token()),
                        rows.number("input", finding -> finding.evidence().input()),
                        rows.number("output", finding -> finding.evidence().output()),
                        rows.number("product's share", finding -> finding.evidence().share()),
                        rows.number("times median", finding -> finding.evidence().timesMedian()),
                        rows.number("written", finding -> finding.evidence().written()),
                        rows.number("loss", finding -> finding.evidence().loss())))
                .format("weight", CellFormat.fixed(4))
                .format("z", CellFormat.fixed(1))
                .format("input", CellFormat.fixed(1))
                .format("output", CellFormat.fixed(1))
                .format("product's share", CellFormat.fixed(2))
                .format("times median", CellFormat.fixed(0))
                .format("written", CellFormat.fixed(2))
                .format("loss", CellFormat.fixed(2));
    }

    /** On how many prompts each place was found in each role; one line per place that ever was. */
    public static ResultTable agreement(Agreement agreement) {
        Stream<Coordinate> places = Stream.of(Role.values())
                .flatMap(role -> agreement.places(role).stream())
                .distinct();
        Rows<Coordinate> rows = new Rows<>(places.toList());
        Table table = Table.create("agreement").addColumns(rows.text("layer [row, column]", FindingTables::place));
        for (Role role : Role.values()) {
            table.addColumns(rows.count(role.toString(), at -> agreement.count(at, role)));
        }
        table.addColumns(
                rows.number("loss, smallest", at -> losses(agreement, at).stream().min(Double::compare).orElse(0.0)),
                rows.number("loss, largest", at -> losses(agreement, at).stream().max(Double::compare).orElse(0.0)));
        return ResultTable.of(table)
                .interval("super activation lost without it", "loss, smallest", "loss, largest", CellFormat.fixed(2));
    }

    /** Every candidate on every prompt: the data behind {@link superweight.find.DetectionRule}. */
    public static ResultTable candidates(List<String> prompts, Agreement agreement) {
        record Row(String prompt, Finding finding) {}
        List<Row> all = new ArrayList<>();
        for (int i = 0; i < prompts.size(); i++) {
            for (Finding finding : agreement.prompts().get(i).all()) {
                all.add(new Row(prompts.get(i).replace("\n", "\\n"), finding));
            }
        }
        Rows<Row> rows = new Rows<>(all);
        return ResultTable.of(Table.create("candidates").addColumns(
                rows.text("prompt", Row::prompt),
                rows.text("layer [row, column]", row -> place(row.finding.evidence().at())),
                rows.text("role", row -> row.finding.role().toString()),
                rows.count("pass", row -> row.finding.pass()),
                rows.number("output, times median", row -> row.finding.evidence().timesMedian()),
                rows.number("product's share of output", row -> row.finding.evidence().share()),
                rows.number("share of super activation written", row -> row.finding.evidence().written()),
                rows.number("super activation lost without it", row -> row.finding.evidence().loss())));
    }

    /** The second detector's list. */
    public static ResultTable contributions(List<Contribution> contributions) {
        Rows<Contribution> rows = new Rows<>(contributions);
        return ResultTable.of(Table.create("contributions").addColumns(
                        rows.text("layer [row, column]", each -> place(each.at())),
                        rows.number("contribution", Contribution::contribution),
                        rows.number("weight", Contribution::weight),
                        rows.count("rank in row", each -> each.statistics().rankInRow()),
                        rows.number("z in row", each -> each.statistics().zScoreInRow())))
                .format("contribution", CellFormat.fixed(1))
                .format("weight", CellFormat.fixed(4))
                .format("z in row", CellFormat.fixed(2));
    }

    private static List<Double> losses(Agreement agreement, Coordinate at) {
        List<Double> losses = new ArrayList<>();
        agreement.prompts().forEach(findings ->
                findings.at(at).map(Finding::evidence).map(Evidence::loss).ifPresent(losses::add));
        return losses;
    }

    private static WeightStatistics statistics(Finding finding) {
        return finding.evidence().statistics();
    }

    private static String place(Coordinate at) {
        return "%d [%d, %d]".formatted(at.layer(), at.row(), at.column());
    }

    /** The columns of a table, each a function of its rows. */
    private record Rows<T>(List<T> rows) {
        StringColumn text(String name, Function<T, String> cell) {
            return StringColumn.create(name, rows.stream().map(cell));
        }

        IntColumn count(String name, ToIntFunction<T> cell) {
            return IntColumn.create(name, rows.stream().mapToInt(cell).toArray());
        }

        DoubleColumn number(String name, ToDoubleFunction<T> cell) {
            return DoubleColumn.create(name, rows.stream().mapToDouble(cell).toArray());
        }
    }
}
