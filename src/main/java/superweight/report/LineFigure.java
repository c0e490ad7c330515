package superweight.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import superweight.stats.Interval;

/**
 * Curves over a common horizontal axis, such as layers; values on a logarithmic axis.
 *
 * @param title what is shown, on which model
 * @param xAxis the horizontal quantity
 * @param yAxis the measured quantity with its unit
 * @param series in the order of the legend
 */
public record LineFigure(String title, String xAxis, String yAxis, List<Series> series) implements Figure {
    /**
     * One curve.
     *
     * @param name what the legend calls it
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
                points.add(new Point(i, values[i], label));
            }
            return new Series(name, source, points);
        }

        /** Values of this run with their intervals. */
        public static Series of(String name, List<Double> x, List<Interval> y) {
            return new Series(name, Source.THIS_RUN, IntStream.range(0, x.size())
                    .mapToObj(i -> new Point(x.get(i), y.get(i).estimate(), ""))
                    .toList());
        }

        /** What a source plots. */
        public static Series of(PrintedSeries printed) {
            return new Series("paper: " + printed.name(), Source.PAPER, IntStream.range(0, printed.x().size())
                    .mapToObj(i -> new Point(printed.x().get(i), printed.y().get(i), ""))
                    .toList());
        }
    }

    /** One value; the label is empty where none is wanted. */
    public record Point(double x, double y, String label) {}

    public LineFigure {
        series = List.copyOf(series);
        if (series.isEmpty()) {
            throw new IllegalArgumentException("a figure needs at least one series");
        }
    }

    public static LineFigure linear(String title, String xAxis, String yAxis, List<Series> series) {
        return new LineFigure(title, xAxis, yAxis, series);
    }

    public static LineFigure logarithmic(String title, String xAxis, String yAxis, List<Series> series) {
        return new LineFigure(title, xAxis, yAxis, series);
    }

    @Override
    public String reading() {
        String axes = "Vertical: %s; horizontal: %s.".formatted(yAxis, xAxis);
        return series.stream().anyMatch(each -> each.source() == Source.PAPER)
                ? axes + " Diamonds on dashed lines: values that the paper prints." : axes;
    }

    @Override
    public XYChart chart() {
        return new LinePlot(this).chart();
    }

    /** Series, source and the coordinates of each point. */
    @Override
    public String csv() {
        return Csv.write(List.of("series", "source", "x", "y"), series.stream()
                .flatMap(each -> each.points().stream().map(point -> List.of(
                        each.name(), each.source().toString(),
                        CellFormat.shortest().format(point.x()), Double.toString(point.y()))))
                .toList());
    }
}
