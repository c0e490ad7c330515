package superweight.cli;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A table of text for a terminal. */
final class TerminalTable {
    /** Above it a perplexity is written with a power of ten: no digit after the point means anything there. */
    private static final double LARGE = 1e9;

    private TerminalTable() {}

    /** A perplexity, or how many times another it is. */
    static String perplexity(double value) {
        return Double.isFinite(value)
                ? String.format(Locale.ROOT, value < LARGE ? "%.4f" : "%.4e", value)
                : "overflow";
    }

    /** Rows as lines, every column as wide as its widest cell. */
    static String aligned(List<List<String>> rows) {
        int[] widths = IntStream.range(0, rows.get(0).size())
                .map(column -> rows.stream().mapToInt(row -> row.get(column).length()).max().orElseThrow())
                .toArray();
        return rows.stream()
                .map(row -> IntStream.range(0, widths.length)
                        .mapToObj(column -> ("%" + widths[column] + "s").formatted(row.get(column)))
                        .collect(Collectors.joining("  ")))
                .collect(Collectors.joining("\n"));
    }
}
