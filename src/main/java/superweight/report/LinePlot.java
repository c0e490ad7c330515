package superweight.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.List;
import java.util.stream.DoubleStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.XYStyler;
import superweight.report.Figure.Source;

/** Draws a {@link LineFigure} with XChart; grid and tick labels are its own, see {@link LogScale}. */
final class LinePlot {
    private static final int HEIGHT = 420;
    /** Room at the left for tick labels, as a share of the horizontal axis. */
    private static final double LABELS = 0.06;
    /** Between a point and its label, as a share of the vertical axis. */
    private static final double ABOVE = 0.04;

    private final LineFigure figure;
    private final LogScale scale;
    private final double left;
    private final double right;
    private final XYChart chart;

    LinePlot(LineFigure figure) {
        this.figure = figure;
        this.scale = LogScale.of(values());
        this.left = xs().min().orElse(0);
        this.right = Math.max(left + 1, xs().max().orElse(1));
        this.chart = new XYChartBuilder()
                .width(Figure.WIDTH)
                .height(HEIGHT)
                .title(figure.title())
                .xAxisTitle(figure.xAxis())
                .yAxisTitle(figure.yAxis())
                .build();
        style(chart.getStyler());
        drawGrid();
        for (int i = 0; i < figure.series().size(); i++) {
            draw(figure.series().get(i), own(i));
        }
    }

    XYChart chart() {
        return chart;
    }

    private void drawGrid() {
        for (double tick : scale.ticks()) {
            double at = scale.position(tick);
            double[] ends = {left, right};
            FigureStyle.line(chart, "grid " + tick, ends, new double[] {at, at}, FigureStyle.LIGHT, 1f);
            FigureStyle.annotate(chart, CellFormat.shortest().format(tick), left - LABELS / 2 * span(), at);
        }
    }

    private void draw(LineFigure.Series series, int own) {
        List<LineFigure.Point> points = series.points();
        Color colour = FigureStyle.colour(series.source(), own);
        XYSeries line = chart.addSeries(series.name(),
                points.stream().mapToDouble(LineFigure.Point::x).toArray(),
                points.stream().mapToDouble(point -> scale.position(point.y())).toArray());
        line.setLineColor(colour);
        line.setLineStyle(stroke(series.source()));
        line.setMarker(FigureStyle.marker(series.source()));
        line.setMarkerColor(colour);
        points.stream().filter(point -> !point.label().isEmpty()).forEach(point ->
                FigureStyle.annotate(
                        chart, point.label(), point.x(), scale.position(point.y()) + ABOVE * height()));
    }

    private static BasicStroke stroke(Source source) {
        return source == Source.PAPER ? FigureStyle.dashed(1.2f) : FigureStyle.solid(1.6f);
    }

    /** How many of the figure's own series stand before this one. */
    private int own(int series) {
        return (int) figure.series().subList(0, series).stream()
                .filter(each -> each.source() == Source.THIS_RUN)
                .count();
    }

    private double span() {
        return right - left;
    }

    private double height() {
        return scale.right() - scale.left();
    }

    private double[] values() {
        return figure.series().stream()
                .flatMap(series -> series.points().stream())
                .mapToDouble(LineFigure.Point::y)
                .toArray();
    }

    private DoubleStream xs() {
        return figure.series().stream()
                .flatMap(series -> series.points().stream())
                .mapToDouble(LineFigure.Point::x);
    }

    private void style(XYStyler styler) {
        FigureStyle.apply(styler);
        styler.setChartTitleFont(FigureStyle.titleFont(figure.title(), 0));
        styler.setMarkerSize(6);
        styler.setXAxisMin(left - LABELS * span());
        styler.setXAxisMax(right + LABELS / 2 * span());
        styler.setYAxisMin(scale.left());
        styler.setYAxisMax(scale.right());
        styler.setYAxisTicksVisible(false);
        styler.setXAxisDecimalPattern("0");
    }
}
