package superweight.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import superweight.stats.Interval;

/**
 * Curves over a common horizontal axis, such as layers or factors; each is named at its right end.
 *
 * @param title what is shown, on which model
 * @param xAxis the horizontal quantity
 * @param yAxis the measured quantity with its unit
 * @param kind of the vertical axis
 * @param series in the order in which they take their colours
 * @param reference a dashed line to compare with
 * @param ticks what stands at 0, 1, 2, ... of the horizontal axis; empty for the numbers themselves
 */
public record LineFigure(
        String title,
        String xAxis,
        String yAxis,
        Axis kind,
        List<Series> series,
        Optional<Reference> reference,
        List<String> ticks)
        implements Figure {
    /**
     * One curve.
     *
     * @param name what stands at its right end
     * @param source whose values
     * @param points from left to right
     */
    public record Series(String name, Source source, List<Point> points) {
        public Series {
            points = List.copyOf(points);
            if (points.isEmpty()) {
                throw new IllegalArgumentException("the series %s needs at least one point".formatted(name));
            }
        }

        /** Values at 0, 1, 2, ...; those of {@code labelAbove} and more bear their value as a label. */
        public static Series of(String name, Source source, double[] values, double labelAbove) {
            List<Point> points = new ArrayList<>();
            for (int i = 0; i < values.length; i++) {
                String label = values[i] >= labelAbove ? CellFormat.significant(3).format(values[i]) : "";
                points.add(new Point(i, values[i], label, Optional.empty()));
            }
            return new Series(name, source, points);
        }

        /** Values of this run with their intervals. */
        public static Series of(String name, List<Double> x, List<Interval> y) {
            return new Series(name, Source.THIS_RUN, IntStream.range(0, x.size())
                    .mapToObj(i -> new Point(x.get(i), y.get(i).estimate(), "", Optional.of(y.get(i))))
                    .toList());
        }

        /** What a source plots. */
        public static Series of(PrintedSeries printed) {
            return new Series("paper: " + printed.name(), Source.PAPER, IntStream.range(0, printed.x().size())
                    .mapToObj(i -> new Point(printed.x().get(i), printed.y().get(i), "", Optional.empty()))
                    .toList());
        }
    }

    /** One value; the label is empty where none is wanted. */
    public record Point(double x, double y, String label, Optional<Interval> interval) {}

    public LineFigure {
        series = List.copyOf(series);
        ticks = List.copyOf(ticks);
        if (series.isEmpty()) {
            throw new IllegalArgumentException("a figure needs at least one series");
        }
    }

    /** With a linear vertical axis. */
    public static LineFigure linear(String title, String xAxis, String yAxis, List<Series> series) {
        return new LineFigure(title, xAxis, yAxis, Axis.LINEAR, series, Optional.empty(), List.of());
    }

    /** With a logarithmic vertical axis. */
    public static LineFigure logarithmic(String title, String xAxis, String yAxis, List<Series> series) {
        return new LineFigure(title, xAxis, yAxis, Axis.LOGARITHMIC, series, Optional.empty(), List.of());
    }

    /** The same figure with a dashed line at this value. */
    public LineFigure withReference(String label, double value) {
        return new LineFigure(title, xAxis, yAxis, kind, series, Optional.of(new Reference(label, value)), ticks);
    }

    /** The same figure over things that have names, such as block sizes, at 0, 1, 2, ... */
    public LineFigure withTicks(List<String> names) {
        return new LineFigure(title, xAxis, yAxis, kind, series, reference, names);
    }

    @Override
    public Set<Source> sources() {
        return series.stream().map(Series::source).collect(Collectors.toSet());
    }

    @Override
    public String reading() {
        List<String> sentences = new ArrayList<>();
        sentences.add("Vertical: %s; horizontal: %s.".formatted(yAxis, xAxis));
        reference.ifPresent(line -> sentences.add("Dashed line: %s, %s.".formatted(
                line.label(), CellFormat.significant(4).format(line.value()))));
        if (series.stream().anyMatch(each -> each.source() == Source.PAPER)) {
            sentences.add("Diamonds on dashed lines: values that the paper prints.");
        }
        return String.join(" ", sentences);
    }

    @Override
    public XYChart chart() {
        return new LinePlot(this).chart();
    }

    /** Series, source, the coordinates of each point and the ends of its interval. */
    @Override
    public String csv() {
        return Csv.write(List.of("series", "source", "x", "y", "low", "high"), series.stream()
                .flatMap(each -> each.points().stream().map(point -> List.of(
                        each.name(), each.source().toString(),
                        x(point), Double.toString(point.y()),
                        Csv.exact(end(point.interval().map(Interval::low))),
                        Csv.exact(end(point.interval().map(Interval::high))))))
                .toList());
    }

    private String x(Point point) {
        return ticks.isEmpty() ? CellFormat.shortest().format(point.x()) : ticks.get((int) point.x());
    }

    private static OptionalDouble end(Optional<Double> end) {
        return end.map(OptionalDouble::of).orElse(OptionalDouble.empty());
    }
}
