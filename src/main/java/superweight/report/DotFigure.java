package superweight.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.knowm.xchart.XYChart;
import superweight.stats.Interval;

/**
 * A dot-and-whisker figure: one row a condition, values on a horizontal axis.
 *
 * <p>Several points may share a condition; they then stand on the same row. Values that a
 * logarithmic axis cannot show (infinite, zero or less, not a number) stand at its edge and say so.
 *
 * @param title what is shown, on which model and text
 * @param axis the measured quantity with its unit
 * @param kind of that axis
 * @param points in the order of the rows, top to bottom
 * @param reference a dashed line to compare with, such as the original's perplexity
 */
public record DotFigure(String title, String axis, Axis kind, List<Point> points, Optional<Line> reference)
        implements Figure {
    /** A dashed line down the figure, which may stand at another value in each condition's row. */
    public record Line(String label, List<Stretch> stretches) {
        public Line {
            stretches = List.copyOf(stretches);
        }

        /** The one value of all rows. */
        Optional<Double> value() {
            List<Double> values = stretches.stream().map(Stretch::value).distinct().toList();
            return values.size() == 1 ? Optional.of(values.get(0)) : Optional.empty();
        }
    }

    /** The part of a line that runs through one condition's row. */
    public record Stretch(String condition, double value) {}

    /**
     * One value of one condition.
     *
     * @param series what the legend calls it and others of its colour and mark
     */
    public record Point(
            String condition, Source source, String series, double value, Optional<Interval> interval) {
        /** A value of this run with its interval. */
        public static Point of(String condition, Interval interval) {
            return new Point(condition, Source.THIS_RUN, Source.THIS_RUN.toString(),
                    interval.estimate(), Optional.of(interval));
        }

        /** A value of this run without an interval. */
        public static Point of(String condition, double value) {
            return new Point(condition, Source.THIS_RUN, Source.THIS_RUN.toString(), value, Optional.empty());
        }

        /** A value that the paper prints, drawn so that it cannot be taken for one of this run. */
        public static Point paper(String condition, double value) {
            return new Point(condition, Source.PAPER, Source.PAPER.toString(), value, Optional.empty());
        }

        /** The same value of this run as one of several series, such as before and after a change. */
        public Point in(String series) {
            return new Point(condition, source, series, value, interval);
        }
    }

    private static final int LONGEST_CONDITION = 48;

    public DotFigure {
        points = List.copyOf(points);
        if (points.isEmpty()) {
            throw new IllegalArgumentException("a figure needs at least one point");
        }
        for (Point point : points) {
            if (point.condition().isBlank() || point.condition().length() > LONGEST_CONDITION) {
                throw new IllegalArgumentException("a condition's name must have 1 to %d characters: %s"
                        .formatted(LONGEST_CONDITION, point.condition()));
            }
        }
    }

    /** On a logarithmic axis. */
    public DotFigure(String title, String axis, List<Point> points) {
        this(title, axis, Axis.LOGARITHMIC, points, Optional.empty());
    }

    /** On a linear axis. */
    public static DotFigure linear(String title, String axis, List<Point> points) {
        return new DotFigure(title, axis, Axis.LINEAR, points, Optional.empty());
    }

    /** The same figure with a dashed line at this value. */
    public DotFigure withReference(String label, double value) {
        return withReference(label, conditions().stream().map(condition -> new Stretch(condition, value)).toList());
    }

    /** The same figure with a dashed line in these conditions' rows. */
    public DotFigure withReference(String label, List<Stretch> stretches) {
        return new DotFigure(title, axis, kind, points, Optional.of(new Line(label, stretches)));
    }

    @Override
    public Set<Source> sources() {
        return points.stream().map(Point::source).collect(Collectors.toSet());
    }

    @Override
    public String reading() {
        List<String> sentences = new ArrayList<>();
        sentences.add("Horizontal: %s.".formatted(axis));
        reference.ifPresent(line -> sentences.add(line.value()
                .map(value -> "Dashed line: %s, %s.".formatted(line.label(), CellFormat.significant(4).format(value)))
                .orElse("Dashed lines: %s.".formatted(line.label()))));
        if (points.stream().anyMatch(point -> point.source() == Source.PAPER)) {
            sentences.add("Diamonds: values that the paper prints.");
        }
        return String.join(" ", sentences);
    }

    @Override
    public XYChart chart() {
        return new DotPlot(this).chart();
    }

    /** Condition, source, series, value and the ends of its interval. */
    @Override
    public String csv() {
        return Csv.write(List.of("condition", "source", "series", "value", "low", "high", "level"),
                points.stream().map(DotFigure::cells).toList());
    }

    /** The series of a source in order, each once. */
    List<String> series(Source source) {
        return points.stream().filter(point -> point.source() == source).map(Point::series).distinct().toList();
    }

    /** The conditions in order, each once. */
    List<String> conditions() {
        return points.stream().map(Point::condition).distinct().toList();
    }

    private static List<String> cells(Point point) {
        // A value that is not a number was measured, so it is written out.
        return List.of(point.condition(), point.source().toString(), point.series(), Double.toString(point.value()),
                end(point.interval().map(Interval::low)), end(point.interval().map(Interval::high)),
                end(point.interval().map(Interval::level)));
    }

    private static String end(Optional<Double> end) {
        return end.map(String::valueOf).orElse("");
    }
}
