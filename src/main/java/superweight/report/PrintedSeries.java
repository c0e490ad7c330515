package superweight.report;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * A curve of a source's figure, {@code paper-tables/printed/<figure>.csv}: the values that the source's own
 * code plots, so that they can be drawn beside measured ones.
 *
 * @param name what the curve shows
 * @param model whose values these are, as the model hub names it
 * @param x horizontal coordinates
 * @param y values, with their signs
 */
public record PrintedSeries(String name, String model, List<Double> x, List<Double> y) {
    private static final List<String> HEADER = List.of("series", "model", "x", "y", "source");

    /**
     * Reads one curve.
     *
     * @throws superweight.InvalidInputException if the file is malformed
     */
    static PrintedSeries read(Path file, String name) {
        List<Csv.Row> rows = Csv.read(file, HEADER).stream()
                .filter(row -> row.required("series").equals(name))
                .toList();
        if (rows.isEmpty()) {
            throw new IllegalArgumentException("%s has no series %s".formatted(file.getFileName(), name));
        }
        return new PrintedSeries(
                name,
                rows.get(0).required("model"),
                rows.stream().map(row -> row.number("x")).toList(),
                rows.stream().map(row -> row.number("y")).toList());
    }

    /** The values without their signs. */
    public double[] magnitudes() {
        return y.stream().flatMapToDouble(DoubleStream::of).map(Math::abs).toArray();
    }
}
