package superweight.cli;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A table for a terminal: every column right-aligned and as wide as its widest cell. */
record AlignedTable(List<String> header, List<List<String>> rows) {
    String lines() {
        int[] widths = IntStream.range(0, header.size())
                .map(column -> IntStream.concat(
                                IntStream.of(header.get(column).length()),
                                rows.stream().mapToInt(row -> row.get(column).length()))
                        .max()
                        .orElseThrow())
                .toArray();
        return Stream.concat(Stream.of(header), rows.stream())
                .map(row -> line(row, widths))
                .collect(Collectors.joining("\n"));
    }

    private static String line(List<String> row, int[] widths) {
        return IntStream.range(0, widths.length)
                .mapToObj(column -> ("%" + widths[column] + "s").formatted(row.get(column)))
                .collect(Collectors.joining("  "));
    }
}
