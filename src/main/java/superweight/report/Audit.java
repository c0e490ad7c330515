package superweight.report;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import superweight.report.Contradiction.Way;
import superweight.report.Decision.Outcome;
import superweight.stats.Interval;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * Every contradiction with what was found out about it: none that can be decided is left out.
 *
 * @param decisions one for each contradiction that is not open, none for those that are
 */
public record Audit(Contradictions contradictions, Map<String, Decision> decisions) {
    private static final String RATIO = "perplexity, second over first";

    public Audit {
        decisions = Map.copyOf(decisions);
    }

    /** @throws IllegalArgumentException if a decision is missing, stands twice, or is about none or an open one */
    public static Audit of(Contradictions contradictions, List<Decision> decisions) {
        Map<String, Decision> byId = new HashMap<>();
        for (Decision decision : decisions) {
            if (contradictions.named(decision.id()).decided() == Way.OPEN) {
                throw new IllegalArgumentException("decided, but said to be open: " + decision.id());
            }
            if (byId.putIfAbsent(decision.id(), decision) != null) {
                throw new IllegalArgumentException("decided twice: " + decision.id());
            }
        }
        List<String> missing = contradictions.rows().stream()
                .filter(row -> row.decided() != Way.OPEN && !byId.containsKey(row.id()))
                .map(Contradiction::id)
                .toList();
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("not decided: " + String.join(", ", missing));
        }
        return new Audit(contradictions, byId);
    }

    public ResultTable table() {
        List<Contradiction> rows = contradictions.rows();
        return ResultTable.of(Table.create("audit").addColumns(
                        IntColumn.create("no.", rows.stream().mapToInt(Contradiction::number).toArray()),
                        column("question", Contradiction::question),
                        column("first", row -> row.one() + ": " + row.oneSays()),
                        column("second", row -> row.other() + ": " + row.otherSays()),
                        column("decided by", row -> row.decided().name().toLowerCase(Locale.ROOT)),
                        column("stands", this::stands),
                        column("because", row -> of(row).map(Decision::evidence).orElse("")),
                        ratio(RATIO, Interval::estimate),
                        ratio("low", Interval::low),
                        ratio("high", Interval::high),
                        column("what it would take", Contradiction::needs)))
                .format(RATIO, CellFormat.significant(3))
                .interval("95 % interval", "low", "high", CellFormat.significant(3));
    }

    /** How many end so. */
    public long count(Outcome outcome) {
        return decisions.values().stream().filter(decision -> decision.outcome() == outcome).count();
    }

    /** How far perplexity moves with the answer, where that was measured, by number; 1 is not at all. */
    public DotFigure figure(String title) {
        List<DotFigure.Point> points = contradictions.rows().stream()
                .flatMap(row -> of(row).flatMap(Decision::ratio).stream()
                        .map(ratio -> DotFigure.Point.of(row.number() + ": " + row.id().replace('-', ' '), ratio)))
                .toList();
        String axis = "perplexity by the second answer, times that by the first (this run, log scale)";
        return new DotFigure(title, axis, points).withReference("no difference", 1);
    }

    /** The place that is right, or in words that neither or both are. */
    private String stands(Contradiction row) {
        return of(row)
                .map(decision -> switch (decision.outcome()) {
                    case ONE -> row.one();
                    case OTHER -> row.other();
                    default -> decision.outcome().toString();
                })
                .orElse("open");
    }

    private Optional<Decision> of(Contradiction row) {
        return Optional.ofNullable(decisions.get(row.id()));
    }

    private StringColumn column(String name, Function<Contradiction, String> cell) {
        return StringColumn.create(name, contradictions.rows().stream().map(cell));
    }

    private DoubleColumn ratio(String name, ToDoubleFunction<Interval> end) {
        return DoubleColumn.create(name, contradictions.rows().stream()
                .mapToDouble(row -> of(row).flatMap(Decision::ratio).map(end::applyAsDouble).orElse(Double.NaN))
                .toArray());
    }
}
