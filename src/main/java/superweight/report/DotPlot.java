package superweight.report;

import java.awt.Color;
import java.util.List;
import java.util.stream.DoubleStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.AxesChartStyler.TextAlignment;
import org.knowm.xchart.style.XYStyler;
import superweight.report.DotFigure.Point;
import superweight.report.DotFigure.Stretch;
import superweight.report.Figure.Source;
import superweight.stats.Interval;

/**
 * Draws a {@link DotFigure} with XChart.
 *
 * <p>XChart has no horizontal category chart, so conditions are whole numbers on the vertical axis
 * of an XY chart; whiskers, grid and axis are lines and annotations in it.
 */
final class DotPlot {
    private static final int ROW_HEIGHT = 46;
    private static final int ROW_HEIGHT_OF_MANY = 36;
    private static final int MANY = 12;
    private static final int FRAME_HEIGHT = 140;

    // In rows: each row is 1 high and has its points in the middle.
    private static final double AXIS = 0.45;
    private static final double TICK_LABEL = 0.1;
    private static final double VALUE_LABEL = 0.3;

    private final DotFigure figure;
    private final List<String> conditions;
    private final Scale scale;
    private final XYChart chart;

    DotPlot(DotFigure figure) {
        this.figure = figure;
        this.conditions = figure.conditions();
        this.scale = figure.kind().scale(values(figure));
        this.chart = new XYChartBuilder()
                .width(Figure.WIDTH)
                .height(FRAME_HEIGHT + rowHeight() * conditions.size())
                .xAxisTitle(figure.axis())
                .build();
        style(chart.getStyler());
        chart.setCustomYAxisTickLabelsFormatter(this::conditionAt);
        drawAxis();
        drawReference();
        for (Source source : Source.values()) {
            List<String> series = figure.series(source);
            series.forEach(each -> drawPoints(source, each, FigureStyle.colour(source, series.indexOf(each))));
        }
    }

    XYChart chart() {
        return chart;
    }

    private void drawAxis() {
        for (double tick : scale.ticks()) {
            double at = scale.position(tick);
            line("grid " + tick, new double[] {at, at}, new double[] {AXIS, top()}, FigureStyle.LIGHT, 1f);
            annotate(CellFormat.shortest().format(tick), at, TICK_LABEL);
        }
        line("axis", new double[] {scale.left(), scale.right()}, new double[] {AXIS, AXIS}, FigureStyle.MIDDLE, 1f);
    }

    private void drawReference() {
        figure.reference().ifPresent(line -> {
            List<Stretch> placed =
                    line.stretches().stream().filter(stretch -> scale.hasPlace(stretch.value())).toList();
            for (Stretch stretch : placed) {
                int row = row(stretch.condition());
                double at = scale.position(stretch.value());
                XYSeries drawn = line("reference " + row, new double[] {at, at},
                        new double[] {row - 0.55, row + (isLabelled(row, at) ? 0.14 : 0.45)}, FigureStyle.MIDDLE, 1.2f);
                drawn.setLineStyle(FigureStyle.dashed(1.2f));
                drawn.setLabel(line.label());
                drawn.setShowInLegend(stretch == placed.get(0));
            }
        });
    }

    /** Whether this row has a value's label where the reference line would run through it. */
    private boolean isLabelled(int row, double at) {
        double halfLabel = 0.06 * (scale.right() - scale.left());
        return figure.points().stream().anyMatch(point -> row(point) == row
                && labelHeight(point) > 0 && hasLabel(point)
                && Math.abs(scale.position(point.value()) - at) < halfLabel);
    }

    private void drawPoints(Source source, String series, Color colour) {
        List<Point> points = figure.points().stream()
                .filter(point -> point.source() == source && point.series().equals(series))
                .toList();
        for (int i = 0; i < points.size(); i++) {
            Point point = points.get(i);
            String name = series + " whisker " + i;
            point.interval().filter(interval -> !Double.isNaN(interval.low())).ifPresent(interval ->
                    line(name, ends(interval), new double[] {row(point), row(point)}, colour, 2.4f));
        }
        markers(series, points.stream().filter(point -> !isCrowded(point)).toList(), colour);
        markers(series + ", many", points.stream().filter(this::isCrowded).toList(), translucent(colour));
        points.stream().filter(this::hasLabel).forEach(point ->
                annotate(label(point), scale.position(point.value()), row(point) + labelHeight(point)));
    }

    private void markers(String name, List<Point> points, Color colour) {
        if (points.isEmpty()) {
            return;
        }
        XYSeries markers = chart.addSeries(name,
                points.stream().mapToDouble(point -> scale.position(point.value())).toArray(),
                points.stream().mapToDouble(this::row).toArray());
        markers.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
        markers.setMarker(FigureStyle.marker(points.get(0).source()));
        markers.setMarkerColor(colour);
        markers.setShowInLegend(!isCrowded(points.get(0)) && !isNamedByRows(points.get(0).source()));
    }

    /** Whether each row has one series only, so that its label says already what a colour stands for. */
    private boolean isNamedByRows(Source source) {
        return figure.series(source).size() > 1 && conditions.stream().allMatch(condition -> figure.points().stream()
                .filter(point -> point.source() == source && point.condition().equals(condition))
                .map(Point::series)
                .distinct()
                .count() <= 1);
    }

    private XYSeries line(String name, double[] x, double[] y, Color colour, float width) {
        return FigureStyle.line(chart, name, x, y, colour, width);
    }

    private void annotate(String text, double x, double y) {
        FigureStyle.annotate(chart, text, x, y);
    }

    private double[] ends(Interval interval) {
        return new double[] {scale.position(interval.low()), scale.position(interval.high())};
    }

    /** Top to bottom, so the first condition has the highest number. */
    private double row(Point point) {
        return row(point.condition());
    }

    private int row(String condition) {
        return conditions.size() - conditions.indexOf(condition);
    }

    private int rowHeight() {
        return conditions.size() > MANY ? ROW_HEIGHT_OF_MANY : ROW_HEIGHT;
    }

    private double top() {
        return conditions.size() + 0.5;
    }

    /**
     * Above the point; below it for the paper's and a second series in the same row, so that values that nearly agree
     * stay legible.
     */
    private double labelHeight(Point point) {
        boolean first = figure.series(point.source()).indexOf(point.series()) == 0;
        boolean above = point.source() != Source.PAPER && (first || isNamedByRows(point.source()));
        return above ? VALUE_LABEL : -VALUE_LABEL;
    }

    /** A row of many points has no room for their values; what is off the scale is always named. */
    private boolean hasLabel(Point point) {
        return !isCrowded(point) || !scale.hasPlace(point.value());
    }

    private boolean isCrowded(Point point) {
        return figure.points().stream()
                .filter(other -> other.condition().equals(point.condition()) && other.source() == point.source()
                        && other.series().equals(point.series()))
                .count() > 1;
    }

    private String label(Point point) {
        if (Double.isNaN(point.value())) {
            return "not a number";
        }
        // A printed value keeps its own digits.
        return (point.source() == Source.PAPER ? CellFormat.shortest() : scale.labels())
                .format(point.value());
    }

    private String conditionAt(double tick) {
        long row = Math.round(tick);
        boolean isRow = Math.abs(tick - row) < 1e-9 && row >= 1 && row <= conditions.size();
        // XChart thins out ticks until no two labels are equal, so each blank has its own length.
        return isRow
                ? conditions.get(conditions.size() - (int) row)
                : " ".repeat(1 + (int) Math.abs(100 * tick));
    }

    private static Color translucent(Color colour) {
        return new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), 0x90);
    }

    private static double[] values(DotFigure figure) {
        return DoubleStream.concat(
                figure.points().stream().flatMapToDouble(point -> DoubleStream.concat(
                        DoubleStream.of(point.value()),
                        point.interval().stream().flatMapToDouble(i -> DoubleStream.of(i.low(), i.high())))),
                figure.reference().stream().flatMap(line -> line.stretches().stream()).mapToDouble(Stretch::value))
                .toArray();
    }

    private void style(XYStyler styler) {
        FigureStyle.apply(styler);
        styler.setXAxisMin(scale.left());
        styler.setXAxisMax(scale.right());
        styler.setYAxisMin(-0.1);
        styler.setYAxisMax(top());
        styler.setXAxisTicksVisible(false);
        styler.setYAxisTickMarkSpacingHint(rowHeight() * 2 / 3);
        styler.setYAxisLabelAlignment(TextAlignment.Right);
    }
}
