package superweight.report;

import java.awt.Color;
import java.awt.geom.Line2D;
import java.awt.geom.Point2D;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.XYStyler;
import superweight.report.Figure.Source;

/** Draws a {@link LineFigure} with XChart; grid, tick labels and the names of curves are its own, see {@link Scale}. */
final class LinePlot {
    private static final int HEIGHT = 390;
    /** About what XChart leaves of a figure for the plot, in pixels; only the room for names depends on it. */
    private static final double PLOT_WIDTH = Figure.WIDTH - 70;
    private static final double PLOT_HEIGHT = HEIGHT - 80;
    /** From the end of the longest line to the names, in pixels: lines lead to their names. */
    private static final double LEADER = 18;
    /** Between the lines of two names. */
    private static final double LINE_HEIGHT = 15;
    /** From the vertical axis' tick labels to the lines, in pixels. */
    private static final double GAP = 8;
    /** Room for the horizontal axis' tick labels, as a share of the vertical axis. */
    private static final double FOOT = 0.08;
    /** Of a point's label, in pixels. */
    private static final double LABEL_HEIGHT = 12;

    private final LineFigure figure;
    private final Scale scale;
    private final double left;
    private final double right;
    private final XYChart chart;
    private final LabelPlaces places;

    LinePlot(LineFigure figure) {
        this.figure = figure;
        this.scale = figure.kind().scale(values());
        this.left = xs().min().orElse(0);
        double largest = xs().max().orElse(1);
        this.right = largest > left ? largest : left + 1;
        this.chart = new XYChartBuilder()
                .width(Figure.WIDTH)
                .height(HEIGHT)
                .xAxisTitle(figure.xAxis())
                .yAxisTitle(figure.yAxis())
                .build();
        style(chart.getStyler());
        this.places = new LabelPlaces(figure.series().stream().flatMap(this::segments).toList());
        drawGrid();
        for (int i = 0; i < figure.series().size(); i++) {
            draw(figure.series().get(i), i);
        }
        drawNames();
    }

    XYChart chart() {
        return chart;
    }

    private void drawGrid() {
        double[] ends = {left, right};
        for (double tick : scale.ticks()) {
            double at = scale.position(tick);
            FigureStyle.line(chart, "grid " + tick, ends, new double[] {at, at}, FigureStyle.LIGHT, 1f);
            String label = CellFormat.shortest().format(tick);
            FigureStyle.annotate(chart, label, left - (GAP + width(label) / 2) * pixel(), at);
        }
        ticks().forEach((at, label) -> FigureStyle.annotate(chart, label, at, scale.left() - FOOT / 2 * height()));
        figure.reference().filter(line -> scale.hasPlace(line.value())).ifPresent(line -> {
            double at = scale.position(line.value());
            FigureStyle.line(chart, "reference", ends, new double[] {at, at}, FigureStyle.MIDDLE, 1.2f)
                    .setLineStyle(FigureStyle.dashed(1.2f));
        });
    }

    /** What stands where along the horizontal axis. */
    private Map<Double, String> ticks() {
        Map<Double, String> ticks = new TreeMap<>();
        for (int i = 0; i < figure.ticks().size(); i++) {
            ticks.put((double) i, figure.ticks().get(i));
        }
        if (ticks.isEmpty()) {
            LinearScale.of(left, right).ticks().stream()
                    .filter(tick -> tick >= left && tick <= right)
                    .forEach(tick -> ticks.put(tick, CellFormat.shortest().format(tick)));
        }
        return ticks;
    }

    private void draw(LineFigure.Series series, int index) {
        List<LineFigure.Point> points = series.points();
        Color colour = FigureStyle.colour(series.source(), before(index));
        for (LineFigure.Point point : points) {
            point.interval().filter(interval -> !Double.isNaN(interval.low())).ifPresent(interval -> FigureStyle.line(
                    chart,
                    "interval %d at %s".formatted(index, point.x()),
                    new double[] {point.x(), point.x()},
                    new double[] {scale.position(interval.low()), scale.position(interval.high())},
                    colour,
                    1.6f));
        }
        XYSeries line = chart.addSeries("series " + index,
                points.stream().mapToDouble(LineFigure.Point::x).toArray(),
                points.stream().mapToDouble(point -> scale.position(point.y())).toArray());
        line.setLineColor(colour);
        line.setLineStyle(FigureStyle.stroke(series.source(), before(index)));
        line.setMarker(FigureStyle.marker(series.source()));
        line.setMarkerColor(colour);
        for (int i = 0; i < points.size(); i++) {
            LineFigure.Point point = points.get(i);
            label(points, i, scale).ifPresent(label -> annotate(label, inPixels(point)));
        }
    }

    private void annotate(String label, Point2D point) {
        Point2D middle = places.next(point, width(label), LABEL_HEIGHT);
        FigureStyle.annotate(chart, label, left + middle.getX() * pixel(),
                scale.left() + middle.getY() / PLOT_HEIGHT * height());
    }

    /** What is drawn between a curve's points, in pixels. */
    private Stream<Line2D> segments(LineFigure.Series series) {
        List<LineFigure.Point> points = series.points();
        return IntStream.range(1, points.size())
                .mapToObj(i -> new Line2D.Double(inPixels(points.get(i - 1)), inPixels(points.get(i))));
    }

    private Point2D inPixels(LineFigure.Point point) {
        return new Point2D.Double((point.x() - left) / pixel(),
                (scale.position(point.y()) - scale.left()) / height() * PLOT_HEIGHT);
    }

    /** A point off the scale says why it stands at the edge; of several in a row the first does. */
    static Optional<String> label(List<LineFigure.Point> points, int index, Scale scale) {
        LineFigure.Point point = points.get(index);
        boolean said = index > 0 && Double.compare(points.get(index - 1).y(), point.y()) == 0;
        if (!point.label().isEmpty() || scale.hasPlace(point.y()) || said) {
            return Optional.of(point.label()).filter(label -> !label.isEmpty());
        }
        return Optional.of(Double.isNaN(point.y()) ? "not a number" : CellFormat.shortest().format(point.y()));
    }

    /** A name to be written at the height at which its line ends, or as near as there is room. */
    private record Name(String text, double x, double y, double mean, Color colour) {}

    private void drawNames() {
        Stream<Name> series = IntStream.range(0, figure.series().size()).mapToObj(this::name);
        Stream<Name> reference = figure.reference().filter(line -> scale.hasPlace(line.value())).stream()
                .map(line -> new Name(line.label(), right, scale.position(line.value()),
                        scale.position(line.value()), FigureStyle.MIDDLE));
        List<Name> names = Stream.concat(series, reference)
                .sorted(Comparator.comparingDouble(Name::y).thenComparingDouble(Name::mean)) // the higher curve's above
                .toList();
        double[] places = apart(names.stream().mapToDouble(Name::y).toArray(),
                LINE_HEIGHT / PLOT_HEIGHT * height(), scale.right());
        for (int i = 0; i < places.length; i++) {
            Name name = names.get(i);
            double start = right + LEADER * pixel();
            FigureStyle.line(chart, "leader " + i, new double[] {name.x(), start},
                    new double[] {name.y(), places[i]}, name.colour(), 1f).setLineStyle(FigureStyle.dotted(1f));
            double half = width(name.text()) / 2 + 4;
            FigureStyle.annotate(chart, name.text(), start + half * pixel(), places[i]);
        }
    }

    private Name name(int index) {
        LineFigure.Series series = figure.series().get(index);
        LineFigure.Point last = series.points().get(series.points().size() - 1);
        double mean = series.points().stream()
                .mapToDouble(point -> scale.position(point.y()))
                .average()
                .orElseThrow();
        return new Name(series.name(), last.x(), scale.position(last.y()), mean,
                FigureStyle.colour(series.source(), before(index)));
    }

    /** Ascending places moved apart to a distance, none above the top. */
    static double[] apart(double[] ascending, double distance, double top) {
        double[] places = ascending.clone();
        for (int i = 1; i < places.length; i++) {
            places[i] = Math.max(places[i], places[i - 1] + distance);
        }
        double highest = top - distance / 2;
        for (int i = places.length - 1; i >= 0; i--) {
            places[i] = Math.min(places[i], highest);
            highest = places[i] - distance;
        }
        return places;
    }

    /** How many series of the same source stand before this one. */
    private int before(int series) {
        Source source = figure.series().get(series).source();
        return (int) figure.series().subList(0, series).stream().filter(each -> each.source() == source).count();
    }

    private static double width(String label) {
        return FigureStyle.width(label, FigureStyle.SMALL);
    }

    private double span() {
        return right - left;
    }

    private double height() {
        return scale.right() - scale.left();
    }

    /** Room at the right for the curves' names, in pixels. */
    private double names() {
        return LEADER + 12 + Stream.concat(
                        figure.series().stream().map(LineFigure.Series::name),
                        figure.reference().stream().map(Figure.Reference::label))
                .mapToDouble(LinePlot::width)
                .max()
                .orElse(0);
    }

    /** Room at the left for the vertical axis' tick labels, in pixels. */
    private double labels() {
        return GAP + 4 + scale.ticks().stream()
                .mapToDouble(tick -> width(CellFormat.shortest().format(tick)))
                .max()
                .orElse(0);
    }

    /** A pixel of the horizontal axis, in its units: names and labels take their room from the plot. */
    private double pixel() {
        return span() / (PLOT_WIDTH - names() - labels());
    }

    private double[] values() {
        return DoubleStream.concat(
                figure.series().stream()
                        .flatMap(series -> series.points().stream())
                        .flatMapToDouble(point -> DoubleStream.concat(
                                DoubleStream.of(point.y()),
                                point.interval().stream().flatMapToDouble(i -> DoubleStream.of(i.low(), i.high())))),
                figure.reference().stream().mapToDouble(Figure.Reference::value)).toArray();
    }

    private DoubleStream xs() {
        return figure.series().stream()
                .flatMap(series -> series.points().stream())
                .mapToDouble(LineFigure.Point::x);
    }

    private void style(XYStyler styler) {
        FigureStyle.apply(styler);
        styler.setMarkerSize(6);
        styler.setXAxisMin(left - labels() * pixel());
        styler.setXAxisMax(right + names() * pixel());
        styler.setYAxisMin(scale.left() - FOOT * height());
        styler.setYAxisMax(scale.right());
        styler.setYAxisTicksVisible(false);
        styler.setXAxisTicksVisible(false);
        styler.setLegendVisible(false);
    }
}
