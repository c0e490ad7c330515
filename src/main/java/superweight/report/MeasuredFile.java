package superweight.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import superweight.InvalidInputException;
import superweight.stats.Interval;

/**
 * What one notebook measured for its claims: {@code paper-tables/<model>/<text>/<notebook>.claims.csv}, and {@code
 * <notebook>.<other text>.claims.csv} what it measured on a text other than that of the folder.
 */
final class MeasuredFile {
    static final String SUFFIX = ".claims.csv";

    private static final List<String> HEADER = List.of("claim", "value", "low", "high", "level",
            "effect", "effect_low", "effect_high", "effect_level", "size");

    /** Begins the value's cell where a number has no answer; the reason follows. */
    private static final String NO_ANSWER = "no answer: ";

    private MeasuredFile() {}

    /** The file's name without its ending. */
    static String name(String notebook, Optional<String> text) {
        return notebook + text.map(other -> "." + other).orElse("") + SUFFIX.replace(".csv", "");
    }

    private static Optional<String> text(Path file) {
        String[] parts = file.getFileName().toString().replace(SUFFIX, "").split("\\.", 2);
        return parts.length == 2 ? Optional.of(parts[1]) : Optional.empty();
    }

    /** @throws InvalidInputException if the file is malformed or a claim stands in it twice */
    static List<Measured> read(Path file) {
        List<Measured> measured = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Csv.Row row : Csv.read(file, HEADER)) {
            String claim = row.required("claim");
            if (!seen.add(claim)) {
                throw row.fault("claim", "each claim once");
            }
            measured.add(measured(row, claim, text(file)));
        }
        return measured;
    }

    private static Measured measured(Csv.Row row, String claim, Optional<String> text) {
        Run.Size size = row.word("size", Run.Size.class);
        String cell = row.text("value");
        if (cell.startsWith(NO_ANSWER)) {
            Measured unanswered = Measured.unanswered(claim, cell.substring(NO_ANSWER.length())).on(size);
            return text.map(unanswered::onText).orElse(unanswered);
        }
        double value = row.number("value");
        Optional<Measured.Effect> effect = row.text("effect").isEmpty() ? Optional.empty()
                : Optional.of(new Measured.Effect(row.number("effect"), interval(row, "effect", "effect_")));
        return new Measured(claim, value, interval(row, "value", ""), effect, size, text, Optional.empty());
    }

    /** A file's content for each other text, and for the folder's own whether or not anything was measured on it. */
    static Map<Optional<String>, String> byText(List<Measured> measured) {
        Map<Optional<String>, String> contents = new LinkedHashMap<>();
        contents.put(Optional.empty(), csv(on(Optional.empty(), measured)));
        measured.forEach(each -> contents.computeIfAbsent(each.text(), text -> csv(on(text, measured))));
        return contents;
    }

    private static List<Measured> on(Optional<String> text, List<Measured> measured) {
        return measured.stream().filter(each -> each.text().equals(text)).toList();
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
        cells.add(measured.unanswered().map(NO_ANSWER::concat).orElseGet(() -> Double.toString(measured.value())));
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
