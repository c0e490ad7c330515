package superweight.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.font.FontRenderContext;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.DoubleStream;
import javax.imageio.ImageIO;
import org.knowm.xchart.AnnotationText;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.AxesChartStyler.TextAlignment;
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
 * of an XY chart; whiskers, grid and axis are lines and annotations in it.
 */
final class DotPlot {
    static final int WIDTH = 760;
    private static final int ROW_HEIGHT = 46;
    private static final int FRAME_HEIGHT = 170;
    private static final int PNG_SCALE = 2;

    // In rows: each row is 1 high and has its points in the middle.
    private static final double AXIS = 0.45;
    private static final double TICK_LABEL = 0.1;
    private static final double VALUE_LABEL = 0.3;

    // Okabe and Ito's palette, told apart by people with any common colour blindness.
    private static final Color BLUE = new Color(0x00, 0x72, 0xB2);
    private static final Color VERMILION = new Color(0xD5, 0x5E, 0x00);
    private static final Color INK = new Color(0x22, 0x22, 0x22);
    private static final Color LIGHT = new Color(0xE3, 0xE3, 0xE3);
    private static final Color MIDDLE = new Color(0x80, 0x80, 0x80);

    private final Figure figure;
    private final List<String> conditions;
    private final LogScale scale;
    private final XYChart chart;

    private DotPlot(Figure figure) {
        this.figure = figure;
        this.conditions = figure.conditions();
        this.scale = LogScale.of(values(figure));
        this.chart = new XYChartBuilder()
                .width(WIDTH)
                .height(FRAME_HEIGHT + ROW_HEIGHT * conditions.size())
                .title(figure.title())
                .xAxisTitle(figure.axis())
                .build();
        style(chart.getStyler());
        chart.setCustomYAxisTickLabelsFormatter(this::conditionAt);
        drawAxis();
        drawReference();
        for (Source source : Source.values()) {
            drawPoints(source);
        }
    }

    static DotPlot of(Figure figure) {
        return new DotPlot(figure);
    }

    byte[] png() {
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
            VectorGraphicsEncoder.saveVectorGraphic(chart, out, VectorGraphicsFormat.SVG);
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void drawAxis() {
        for (double tick : scale.ticks()) {
            double at = scale.position(tick);
            line("grid " + tick, new double[] {at, at}, new double[] {AXIS, top()}, LIGHT, 1f);
            annotate(CellFormat.shortest().format(tick), at, TICK_LABEL);
        }
        line("axis", new double[] {scale.left(), scale.right()}, new double[] {AXIS, AXIS}, MIDDLE, 1f);
    }

    private void drawReference() {
        figure.reference().filter(line -> LogScale.hasPlace(line.value())).ifPresent(reference -> {
            double at = scale.position(reference.value());
            for (int row = 1; row <= conditions.size(); row++) {
                XYSeries stretch = line("reference " + row, new double[] {at, at},
                        new double[] {row - 0.55, row + (isLabelled(row, at) ? 0.14 : 0.45)}, MIDDLE, 1.2f);
                stretch.setLineStyle(new BasicStroke(1.2f, BasicStroke.CAP_BUTT,
                        BasicStroke.JOIN_MITER, 1f, new float[] {4f, 3f}, 0f));
                stretch.setLabel(reference.label());
                stretch.setShowInLegend(row == 1);
            }
        });
    }

    /** Whether this row has a value's label where the reference line would run through it. */
    private boolean isLabelled(int row, double at) {
        double halfLabel = 0.06 * (scale.right() - scale.left());
        return figure.points().stream().anyMatch(point -> row(point) == row
                && point.source() == Source.THIS_RUN && hasLabel(point)
                && Math.abs(scale.position(point.value()) - at) < halfLabel);
    }

    private void drawPoints(Source source) {
        List<Point> points = figure.points().stream().filter(p -> p.source() == source).toList();
        if (points.isEmpty()) {
            return;
        }
        for (int i = 0; i < points.size(); i++) {
            Point point = points.get(i);
            String name = source + " whisker " + i;
            point.interval().filter(interval -> !Double.isNaN(interval.low())).ifPresent(interval ->
                    line(name, ends(interval), new double[] {row(point), row(point)},
                            colour(source), 2.4f));
        }
        markers(source.toString(), points.stream().filter(p -> !isCrowded(p)).toList(), colour(source));
        markers(source + ", many", points.stream().filter(this::isCrowded).toList(),
                translucent(colour(source)));
        points.stream().filter(this::hasLabel).forEach(point ->
                annotate(label(point), scale.position(point.value()), row(point) + labelHeight(source)));
    }

    private void markers(String name, List<Point> points, Color colour) {
        if (points.isEmpty()) {
            return;
        }
        XYSeries markers = chart.addSeries(name,
                points.stream().mapToDouble(point -> scale.position(point.value())).toArray(),
                points.stream().mapToDouble(this::row).toArray());
        markers.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
        markers.setMarker(marker(points.get(0).source()));
        markers.setMarkerColor(colour);
        markers.setShowInLegend(!isCrowded(points.get(0)));
    }

    private XYSeries line(String name, double[] x, double[] y, Color colour, float width) {
        XYSeries line = chart.addSeries(name, x, y);
        line.setMarker(SeriesMarkers.NONE);
        line.setLineColor(colour);
        line.setLineStyle(new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER));
        line.setShowInLegend(false);
        return line;
    }

    private void annotate(String text, double x, double y) {
        chart.addAnnotation(new AnnotationText(text, x, y, false));
    }

    private double[] ends(Interval interval) {
        return new double[] {scale.position(interval.low()), scale.position(interval.high())};
    }

    /** Top to bottom, so the first condition has the highest number. */
    private double row(Point point) {
        return conditions.size() - conditions.indexOf(point.condition());
    }

    private double top() {
        return conditions.size() + 0.5;
    }

    /** Above the point, and below it for the paper's, so that two values that nearly agree stay legible. */
    private static double labelHeight(Source source) {
        return source == Source.PAPER ? -VALUE_LABEL : VALUE_LABEL;
    }

    /** A row of many points has no room for their values; what is off the scale is always named. */
    private boolean hasLabel(Point point) {
        return !isCrowded(point) || !LogScale.hasPlace(point.value());
    }

    private boolean isCrowded(Point point) {
        return figure.points().stream()
                .filter(p -> p.condition().equals(point.condition()) && p.source() == point.source())
                .count() > 1;
    }

    private static String label(Point point) {
        if (Double.isNaN(point.value())) {
            return "not a number";
        }
        // A printed value keeps its own digits.
        return (point.source() == Source.PAPER ? CellFormat.shortest() : CellFormat.significant(4))
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

    /** Small enough that the title, which XChart centres over the plot and never wraps, stays inside. */
    private Font titleFont(Font font) {
        Font bold = font.deriveFont(Font.BOLD, 13f);
        double labels = conditions.stream().mapToDouble(text -> width(text, font)).max().orElse(0);
        double fits = Math.min(1, (WIDTH - labels - 60) / width(figure.title(), bold));
        return bold.deriveFont((float) Math.max(7, 13 * fits));
    }

    private static double width(String text, Font font) {
        return font.getStringBounds(text, new FontRenderContext(null, true, true)).getWidth();
    }

    private static Color colour(Source source) {
        return source == Source.PAPER ? VERMILION : BLUE;
    }

    private static Color translucent(Color colour) {
        return new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), 0x90);
    }

    private static Marker marker(Source source) {
        return source == Source.PAPER ? SeriesMarkers.DIAMOND : SeriesMarkers.CIRCLE;
    }

    private static double[] values(Figure figure) {
        return DoubleStream.concat(
                figure.points().stream().flatMapToDouble(point -> DoubleStream.concat(
                        DoubleStream.of(point.value()),
                        point.interval().stream().flatMapToDouble(i -> DoubleStream.of(i.low(), i.high())))),
                figure.reference().stream().mapToDouble(Figure.Reference::value)).toArray();
    }

    private void style(XYStyler styler) {
        Font font = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
        styler.setDefaultSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Line);
        styler.setXAxisMin(scale.left());
        styler.setXAxisMax(scale.right());
        styler.setYAxisMin(-0.1);
        styler.setYAxisMax(top());
        styler.setXAxisTicksVisible(false);
        styler.setYAxisTickMarkSpacingHint(ROW_HEIGHT * 2 / 3);
        styler.setYAxisLabelAlignment(TextAlignment.Right);
        styler.setAxisTicksLineVisible(false);
        styler.setAxisTicksMarksVisible(false);
        styler.setPlotGridLinesVisible(false);
        styler.setPlotBorderVisible(false);
        styler.setPlotContentSize(1.0);
        styler.setPlotMargin(0);
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setPlotBackgroundColor(Color.WHITE);
        styler.setChartFontColor(INK);
        styler.setAxisTickLabelsColor(INK);
        styler.setAxisTickLabelsFont(font);
        styler.setAxisTitleFont(font);
        styler.setChartTitleFont(titleFont(font));
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
    }
}
