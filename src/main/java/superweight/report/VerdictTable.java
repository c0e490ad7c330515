package superweight.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import superweight.InvalidInputException;
import superweight.report.Grid.Align;
import superweight.report.Results.Setting;
import superweight.stats.Interval;

/**
 * The claims beside what was measured: the paper's value, a run on the paper's own model with its
 * verdict, and the same effect on the model at hand.
 *
 * <p>A paper's value stands in the paper's column only; a run on another model is never judged
 * against it.
 */
public record VerdictTable(Setting setting, List<Row> rows) {
    /** The width that aligned text fits into. */
    public static final int TERMINAL_WIDTH = 110;

    private static final int ON_ITS_OWN_MODEL = 2;

    /**
     * @param onItsOwnModel measured on the claim's model and text
     * @param verdict what that says about the printed value
     * @param here measured on this table's model and text
     */
    public record Row(
            Claim claim, Optional<Measured> onItsOwnModel, Verdict verdict, Optional<Measured> here) {

        /** Why there is no verdict; empty where there is one. */
        public Optional<String> reason() {
            return verdict == Verdict.NOT_RUN
                    ? Optional.of(claim.text().equals(Claim.NO_TEXT)
                            ? "needs " + claim.model()
                            : "needs %s on the whole of %s".formatted(claim.model(), claim.text()))
                    : Optional.empty();
        }

        /** Whether there is nothing to show but what the source prints. */
        boolean isUnmeasured() {
            return onItsOwnModel.isEmpty() && here.isEmpty();
        }

        /** What this table's model says about the conclusion. */
        public Optional<Inequality.Outcome> outcome() {
            if (here.flatMap(Measured::unanswered).isPresent()) {
                return Optional.of(Inequality.Outcome.NO_ANSWER);
            }
            return here.flatMap(Measured::effect).flatMap(effect -> claim.effect()
                    .map(bound -> bound.judge(effect.value(), effect.interval())));
        }
    }

    public VerdictTable {
        rows = List.copyOf(rows);
    }

    /**
     * Joins claims with results.
     *
     * @throws InvalidInputException if this setting has a measurement for which there is no claim
     */
    public static VerdictTable of(Claims claims, Results results, Setting setting) {
        for (String id : results.at(setting).keySet()) {
            if (claims.find(id).isEmpty()) {
                throw new InvalidInputException(
                        "results for %s on %s: expected ids of claims.csv, found %s."
                                .formatted(setting.model(), setting.text(), id));
            }
        }
        return new VerdictTable(setting, claims.rows().stream().map(claim -> {
            Optional<Measured> own = results.onItsOwnModel(claim);
            return new Row(claim, own, Verdict.of(claim, own), results.find(setting, claim));
        }).toList());
    }

    /** The rows of these claims only. */
    public VerdictTable about(Claims claims) {
        return new VerdictTable(setting,
                rows.stream().filter(row -> claims.find(row.claim().id()).isPresent()).toList());
    }

    /** The table for Markdown, the reasons of what was not run below it. */
    public String markdown() {
        return grid().markdown() + "\n" + String.join("\n", notes("`", "`")) + "\n";
    }

    /**
     * The table for a terminal, at most {@link #TERMINAL_WIDTH} characters wide.
     *
     * <p>Room is scarce there, so where nothing was run on the paper's model that column is left out; the
     * verdicts say so too.
     */
    public String plain() {
        boolean onItsOwnModel = rows.stream().anyMatch(row -> row.onItsOwnModel().isPresent());
        return (onItsOwnModel ? grid() : grid().without(ON_ITS_OWN_MODEL)).plain(TERMINAL_WIDTH) + "\n"
                + notes("", "").stream().flatMap(note -> Grid.wrapped(note, TERMINAL_WIDTH).stream())
                        .collect(Collectors.joining("\n", "", "\n"));
    }

    public String html() {
        return grid().html() + notes("", "").stream()
                .map(note -> "<p>" + Grid.htmlEscaped(note) + "</p>\n").reduce("", String::concat);
    }

    /** One line a claim with every number exact. */
    public String csv() {
        return Csv.write(
                List.of("claim", "sentence", "source", "place", "paper_model", "paper_text", "paper",
                        "unit", "on_paper_model", "verdict", "reason", "model", "text", "value",
                        "low", "high", "effect_wanted", "effect", "effect_low", "effect_high",
                        "outcome"),
                rows.stream().map(this::csvRow).toList());
    }

    Grid grid() {
        List<Grid.Column> columns = List.of(
                new Grid.Column("claim", Align.LEFT),
                new Grid.Column("paper (its model)", Align.LEFT),
                new Grid.Column("this run on the paper's model", Align.LEFT),
                new Grid.Column("verdict", Align.LEFT),
                new Grid.Column("same effect on %s, %s (this run)"
                        .formatted(setting.model(), setting.text()), Align.LEFT));
        return new Grid(columns, folded().stream().map(VerdictTable::cells).toList());
    }

    /** The rows, in groups of one; where nothing was measured, those that say the same of several models together. */
    private Collection<List<Row>> folded() {
        Map<Object, List<Row>> groups = new LinkedHashMap<>();
        for (Row row : rows) {
            Object group = row.isUnmeasured() ? List.of(row.claim().sentence(), row.claim().unit()) : row;
            groups.computeIfAbsent(group, key -> new ArrayList<>()).add(row);
        }
        return groups.values();
    }

    private static List<String> cells(List<Row> group) {
        Row row = group.get(0);
        Claim claim = row.claim();
        return List.of(
                claim.sentence(),
                group.stream().map(Row::claim)
                        .map(each -> "%s (%s)".formatted(each.printed().toPlainString(), each.setting()))
                        .collect(Collectors.joining("; ")),
                row.onItsOwnModel().map(measured -> value(claim, measured)).orElse(CellFormat.MISSING),
                row.verdict().toString(),
                row.here().map(measured -> effect(row, measured)
                        + measured.text().map(text -> " on " + text).orElse("")).orElse(CellFormat.MISSING));
    }

    private static String value(Claim claim, Measured measured) {
        if (measured.unanswered().isPresent()) {
            return "%s: %s".formatted(Inequality.Outcome.NO_ANSWER, measured.unanswered().get());
        }
        return measured.interval().map(claim.format()::format)
                .orElseGet(() -> shown(claim.format(), measured.value()));
    }

    private static String effect(Row row, Measured measured) {
        Claim claim = row.claim();
        String value = value(claim, measured);
        if (measured.effect().isEmpty() || row.outcome().isEmpty()) {
            return value;
        }
        Measured.Effect effect = measured.effect().orElseThrow();
        CellFormat format = CellFormat.significant(3);
        String number = effect.interval().map(format::format)
                .orElseGet(() -> shown(format, effect.value()));
        String judged = "%s: %s, needs %s".formatted(
                row.outcome().get(), number, claim.effect().orElseThrow());
        // A claim whose value is the effect itself is not shown twice.
        return effect.value() == measured.value() ? judged
                : "%s (%s)".formatted(judged, claim.quantity(value));
    }

    // A dash means "nothing was measured"; a model destroyed to NaN was measured.
    private static String shown(CellFormat format, double value) {
        return Double.isNaN(value) ? "not a number" : format.format(value);
    }

    private List<String> notes(String open, String close) {
        Map<String, Integer> claimsOfModel = new LinkedHashMap<>();
        rows.stream().filter(row -> row.reason().isPresent())
                .forEach(row -> claimsOfModel.merge(row.claim().model(), 1, Integer::sum));
        List<String> notes = new ArrayList<>();
        if (!claimsOfModel.isEmpty()) {
            notes.add("%s%s%s: needs a full run on the claim's own model, and on its text where it names one: %s."
                    .formatted(open, Verdict.NOT_RUN, close, claimsOfModel.entrySet().stream()
                            .map(model -> "%s (%d %s)".formatted(model.getKey(), model.getValue(),
                                    model.getValue() == 1 ? "claim" : "claims"))
                            .collect(Collectors.joining(", "))));
        }
        rows.stream().flatMap(row -> row.here().stream()).flatMap(VerdictTable::intervals)
                .map(Interval::level).distinct().sorted()
                .map(level -> CellFormat.shortest().format(100 * level))
                .forEach(percent -> notes.add("Square brackets hold " + percent
                        + " % intervals over windows, prompts, contexts or items."));
        return notes;
    }

    private static Stream<Interval> intervals(Measured measured) {
        return Stream.concat(measured.interval().stream(),
                measured.effect().flatMap(Measured.Effect::interval).stream());
    }

    private List<String> csvRow(Row row) {
        Claim claim = row.claim();
        Optional<Interval> interval = row.here().flatMap(Measured::interval);
        Optional<Measured.Effect> effect = row.here().flatMap(Measured::effect);
        Optional<Interval> effectInterval = effect.flatMap(Measured.Effect::interval);
        return List.of(
                claim.id(), claim.sentence(), claim.source(), claim.place(), claim.model(),
                claim.text(), claim.printed().toPlainString(), claim.unit(),
                row.onItsOwnModel().map(VerdictTable::exact).orElse(""),
                row.verdict().toString(), row.reason().orElse(""), setting.model(),
                row.here().flatMap(Measured::text).orElse(setting.text()),
                row.here().map(VerdictTable::exact).orElse(""),
                Csv.exact(end(interval.map(Interval::low))),
                Csv.exact(end(interval.map(Interval::high))),
                claim.effect().map(Inequality::toString).orElse(""),
                effect.map(e -> Double.toString(e.value())).orElse(""),
                Csv.exact(end(effectInterval.map(Interval::low))),
                Csv.exact(end(effectInterval.map(Interval::high))),
                row.outcome().map(Inequality.Outcome::toString).orElse(""));
    }

    /** Where there is no answer, there is no number; NaN is one, of a destroyed model. */
    private static String exact(Measured measured) {
        return measured.unanswered().isPresent() ? "" : Double.toString(measured.value());
    }

    private static OptionalDouble end(Optional<Double> end) {
        return end.map(OptionalDouble::of).orElse(OptionalDouble.empty());
    }
}
