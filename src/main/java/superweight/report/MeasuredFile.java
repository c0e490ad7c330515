package superweight.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import superweight.InvalidInputException;
import superweight.stats.Interval;

/** What one notebook measured for its claims: {@code paper-tables/<model>/<text>/<notebook>.claims.csv}. */
final class MeasuredFile {
    static final String SUFFIX = ".claims.csv";

    private static final List<String> HEADER = List.of("claim", "value", "low", "high", "level",
            "effect", "effect_low", "effect_high", "effect_level", "size");

    private MeasuredFile() {}

    /** @throws InvalidInputException if the file is malformed or a claim stands in it twice */
    static List<Measured> read(Path file) {
        List<Measured> measured = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Csv.Row row : Csv.read(file, HEADER)) {
            String claim = row.required("claim");
            if (!seen.add(claim)) {
                throw row.fault("claim", "each claim once");
            }
            double value = row.number("value");
            Optional<Measured.Effect> effect = row.text("effect").isEmpty() ? Optional.empty()
                    : Optional.of(new Measured.Effect(
                            row.number("effect"), interval(row, "effect", "effect_")));
            measured.add(new Measured(claim, value, interval(row, "value", ""), effect,
                    row.word("size", Run.Size.class)));
        }
        return measured;
    }

    static String csv(List<Measured> measured) {
        return Csv.write(HEADER, measured.stream().map(MeasuredFile::cells).toList());
    }

    private static Optional<Interval> interval(Csv.Row row, String estimate, String prefix) {
        if (row.text(prefix + "level").isEmpty()) {
            return Optional.empty();
        }
        double low = row.number(prefix + "low");
        double high = row.number(prefix + "high");
        double level = row.number(prefix + "level");
        if (low > high) {
            throw row.fault(prefix + "low", "at most " + row.text(prefix + "high"));
        }
        if (!(level > 0 && level < 1)) {
            throw row.fault(prefix + "level", "a number between 0 and 1");
        }
        return Optional.of(new Interval(row.number(estimate), low, high, level));
    }

    private static List<String> cells(Measured measured) {
        List<String> cells = new ArrayList<>();
        cells.add(measured.claim());
        // NaN is a measurement here, not a gap, so it is written out.
        cells.add(Double.toString(measured.value()));
        cells.addAll(ends(measured.interval()));
        cells.add(measured.effect().map(e -> Double.toString(e.value())).orElse(""));
        cells.addAll(ends(measured.effect().flatMap(Measured.Effect::interval)));
        cells.add(measured.size().name().toLowerCase(Locale.ROOT));
        return cells;
    }

    private static List<String> ends(Optional<Interval> interval) {
        return interval
                .map(i -> List.of(Double.toString(i.low()), Double.toString(i.high()),
                        Double.toString(i.level())))
                .orElse(List.of("", "", ""));
    }
}
