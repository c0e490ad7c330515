package superweight.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import superweight.measure.Perplexity;

/**
 * What {@code superweight sweep} prints.
 *
 * @param points one per factor, in the order they were given
 * @param extent how much text was scored, in words
 */
record SweepReport(List<Point> points, String extent) {
    private static final List<String> HEADER = List.of("factor", "perplexity", "x smallest");

    /**
     * One factor; its fields are the JSON document's.
     *
     * @param perplexity none where the model leaves the range of float32
     */
    record Point(double factor, OptionalDouble perplexity) {
        static Point of(double factor, Perplexity measured) {
            double value = measured.value();
            return new Point(factor, Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty());
        }
    }

    /** The JSON document. */
    record Document(List<Point> points, Subject of) {}

    /**
     * @param measured one per factor, all on the same windows
     */
    static SweepReport of(List<Double> factors, List<Perplexity> measured) {
        Perplexity any = measured.get(0);
        return new SweepReport(
                IntStream.range(0, factors.size())
                        .mapToObj(i -> Point.of(factors.get(i), measured.get(i)))
                        .toList(),
                "%d tokens in %d windows of %d".formatted(any.tokens(), any.windows(), any.window()));
    }

    /** @param of what was measured */
    Document document(Subject of) {
        return new Document(points, of);
    }

    /** The report for a person: a table, whose last column says how far each factor is from the best of them. */
    String lines() {
        double smallest = points.stream()
                .flatMapToDouble(point -> point.perplexity.stream())
                .min()
                .orElse(Double.NaN);
        List<List<String>> rows = new ArrayList<>(List.of(HEADER));
        points.forEach(point -> rows.add(row(point, smallest)));
        return TerminalTable.aligned(rows) + "\nx smallest: times the smallest perplexity of these; over " + extent;
    }

    /** What the points alone do not say, as one sentence. */
    Optional<String> warning() {
        List<String> without = points.stream()
                .filter(point -> point.perplexity.isEmpty())
                .map(point -> String.valueOf(point.factor))
                .toList();
        return without.isEmpty()
                ? Optional.empty()
                : Optional.of("There is no perplexity at factor " + String.join(" and ", without)
                        + ": the model's activations leave the range of float32.");
    }

    private static List<String> row(Point point, double smallest) {
        String factor = String.valueOf(point.factor);
        if (point.perplexity.isEmpty()) {
            return List.of(factor, "overflow", "-");
        }
        double perplexity = point.perplexity.getAsDouble();
        return List.of(
                factor, TerminalTable.perplexity(perplexity), TerminalTable.perplexity(perplexity / smallest));
    }
}
