package superweight.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import javax.imageio.ImageIO;
import org.knowm.xchart.AnnotationText;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;
import superweight.report.Figure.Point;
import superweight.report.Figure.Source;
import superweight.stats.Interval;

/**
 * Draws a {@link Figure} with XChart.
 *
 * <p>XChart has no horizontal category chart, so conditions are whole numbers on the vertical axis
 * of an XY chart and whiskers are lines.
 */
final class DotPlot {
    private static final int WIDTH = 720;
    private static final int ROW_HEIGHT = 46;
    private static final int FRAME_HEIGHT = 130;
    private static final int PNG_SCALE = 2;

    // Okabe and Ito's palette, told apart by people with any common colour blindness.
    private static final Color BLUE = new Color(0x00, 0x72, 0xB2);
    private static final Color VERMILION = new Color(0xD5, 0x5E, 0x00);
    private static final Color INK = new Color(0x22, 0x22, 0x22);
    private static final Color GRID = new Color(0xE3, 0xE3, 0xE3);
    private static final Color REFERENCE = new Color(0x77, 0x77, 0x77);

    private final Figure figure;
    private final List<String> conditions;
    private final double left;
    private final double right;

    private DotPlot(Figure figure) {
        this.figure = figure;
        this.conditions = figure.conditions();
        double[] finite = drawable(figure).toArray();
        double low = finite.length == 0 ? 1 : DoubleStream.of(finite).min().getAsDouble();
        double high = finite.length == 0 ? 10 : DoubleStream.of(finite).max().getAsDouble();
        // Whole decades, and never fewer than one: XChart loses its ticks on a narrow log axis.
        this.left = Math.pow(10, Math.floor(Math.log10(low)));
        double wholeDecade = Math.pow(10, Math.ceil(Math.log10(high)));
        this.right = Math.max(wholeDecade, 10 * left) * (hasCapped(figure) ? 10 : 1);
    }

    static DotPlot of(Figure figure) {
        return new DotPlot(figure);
    }

    byte[] png() {
        XYChart chart = chart();
        BufferedImage image = new BufferedImage(
                PNG_SCALE * chart.getWidth(), PNG_SCALE * chart.getHeight(), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.scale(PNG_SCALE, PNG_SCALE);
        chart.paint(graphics, chart.getWidth(), chart.getHeight());
        graphics.dispose();
        try (ByteArrayOutputStream out = new ByteArrayOutputStream()) {
            ImageIO.write(image, "png", out);
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte[] svg() {
        try (ByteArrayOutputStream out = new ByteArrayOutputStream()) {
            VectorGraphicsEncoder.saveVectorGraphic(chart(), out, VectorGraphicsFormat.SVG);
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private XYChart chart() {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(FRAME_HEIGHT + ROW_HEIGHT * conditions.size())
                .title(figure.title())
                .xAxisTitle(figure.axis())
                .build();
        style(chart.getStyler());
        chart.setCustomYAxisTickLabelsFormatter(this::conditionAt);
        drawReference(chart);
        for (Source source : Source.values()) {
            drawPoints(chart, source);
        }
        return chart;
    }

    private void style(XYStyler styler) {
        Font font = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
        styler.setDefaultSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Line);
        styler.setXAxisLogarithmic(true);
        styler.setXAxisMin(left);
        styler.setXAxisMax(right);
        styler.setYAxisMin(0.4);
        styler.setYAxisMax(conditions.size() + 0.6);
        styler.setYAxisTickMarkSpacingHint(ROW_HEIGHT * 2 / 3);
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setPlotBackgroundColor(Color.WHITE);
        styler.setPlotBorderVisible(false);
        styler.setPlotGridLinesColor(GRID);
        styler.setPlotGridLinesStroke(new BasicStroke(1f));
        styler.setPlotGridHorizontalLinesVisible(false);
        styler.setPlotContentSize(1.0);
        styler.setAxisTickMarksColor(GRID);
        styler.setChartFontColor(INK);
        styler.setAxisTickLabelsColor(INK);
        styler.setAxisTickLabelsFont(font);
        styler.setAxisTitleFont(font);
        styler.setChartTitleFont(font.deriveFont(Font.BOLD, 13f));
        styler.setChartTitleBoxVisible(false);
        styler.setAnnotationTextFont(font.deriveFont(11f));
        styler.setAnnotationTextFontColor(INK);
        styler.setLegendFont(font);
        styler.setLegendPosition(Styler.LegendPosition.OutsideS);
        styler.setLegendLayout(Styler.LegendLayout.Horizontal);
        styler.setLegendBorderColor(Color.WHITE);
        styler.setMarkerSize(9);
        styler.setAntiAlias(true);
        styler.setChartPadding(12);
        styler.setxAxisTickLabelsFormattingFunction(DotPlot::power);
    }

    private void drawReference(XYChart chart) {
        figure.reference().ifPresent(value -> {
            XYSeries line = chart.addSeries("reference",
                    new double[] {value, value}, new double[] {0.4, conditions.size() + 0.6});
            line.setMarker(SeriesMarkers.NONE);
            line.setLineColor(REFERENCE);
            line.setLineStyle(new BasicStroke(
                    1f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 1f, new float[] {4f, 4f}, 0f));
            line.setShowInLegend(false);
        });
    }

    private void drawPoints(XYChart chart, Source source) {
        List<Point> points = figure.points().stream().filter(p -> p.source() == source).toList();
        for (int i = 0; i < points.size(); i++) {
            Point point = points.get(i);
            int number = i;
            point.interval().flatMap(this::whisker).ifPresent(ends ->
                    drawWhisker(chart, source + " whisker " + number, ends, rowOf(point), source));
        }
        drawMarkers(chart, source.toString(), source,
                points.stream().filter(p -> isDrawable(p.value())).toList());
        drawMarkers(chart, source + ", off the scale", source,
                points.stream().filter(p -> !isDrawable(p.value())).toList());
    }

    private void drawWhisker(XYChart chart, String name, double[] ends, double row, Source source) {
        XYSeries line = chart.addSeries(name, ends, new double[] {row, row});
        line.setMarker(SeriesMarkers.NONE);
        line.setLineColor(colour(source));
        line.setLineStyle(new BasicStroke(2.2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER));
        line.setShowInLegend(false);
    }

    private void drawMarkers(XYChart chart, String name, Source source, List<Point> points) {
        if (points.isEmpty()) {
            return;
        }
        XYSeries markers = chart.addSeries(name,
                points.stream().mapToDouble(this::position).toArray(),
                points.stream().mapToDouble(this::rowOf).toArray());
        markers.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
        markers.setMarker(marker(source));
        markers.setMarkerColor(colour(source));
        for (Point point : points) {
            label(point).ifPresent(text -> chart.addAnnotation(
                    new AnnotationText(text, position(point), rowOf(point) + 0.3, false)));
        }
    }

    /** A condition with many points has no room for their values. */
    private Optional<String> label(Point point) {
        long onThisRow = figure.points().stream()
                .filter(p -> p.condition().equals(point.condition()) && p.source() == point.source())
                .count();
        if (!isDrawable(point.value())) {
            return Optional.of(Double.isNaN(point.value()) ? "not a number"
                    : CellFormat.significant(3).format(point.value()));
        }
        return onThisRow > 1 ? Optional.empty()
                : Optional.of(CellFormat.significant(4).format(point.value()));
    }

    private double position(Point point) {
        double value = point.value();
        if (isDrawable(value)) {
            return value;
        }
        return value <= 0 ? left : right;
    }

    private Optional<double[]> whisker(Interval interval) {
        double low = interval.low() > 0 ? Math.min(interval.low(), right) : left;
        double high = Math.min(interval.high(), right);
        return Double.isNaN(interval.low()) || interval.high() <= 0
                ? Optional.empty() : Optional.of(new double[] {low, high});
    }

    /** Top to bottom, so the first condition has the highest number. */
    private double rowOf(Point point) {
        return conditions.size() - conditions.indexOf(point.condition());
    }

    private String conditionAt(double tick) {
        long row = Math.round(tick);
        boolean isRow = Math.abs(tick - row) < 1e-9 && row >= 1 && row <= conditions.size();
        return isRow ? conditions.get(conditions.size() - (int) row) : " ";
    }

    private static String power(double value) {
        return CellFormat.significant(6).format(value);
    }

    private static Color colour(Source source) {
        return source == Source.PAPER ? VERMILION : BLUE;
    }

    private static Marker marker(Source source) {
        return source == Source.PAPER ? SeriesMarkers.DIAMOND : SeriesMarkers.CIRCLE;
    }

    private static boolean isDrawable(double value) {
        return value > 0 && !Double.isInfinite(value);
    }

    private static boolean hasCapped(Figure figure) {
        return figure.points().stream().anyMatch(p -> !isDrawable(p.value()) && !(p.value() <= 0));
    }

    private static DoubleStream drawable(Figure figure) {
        List<Double> values = new ArrayList<>();
        for (Point point : figure.points()) {
            values.add(point.value());
            point.interval().ifPresent(interval -> {
                values.add(interval.low());
                values.add(interval.high());
            });
        }
        figure.reference().ifPresent(values::add);
        return values.stream().mapToDouble(Double::doubleValue).filter(DotPlot::isDrawable);
    }
}
