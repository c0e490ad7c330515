package superweight.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.util.List;
import org.knowm.xchart.AnnotationText;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;
import superweight.report.Figure.Source;

/** The one look of all figures: colours, fonts, markers, frame. */
final class FigureStyle {
    // Okabe and Ito's palette, told apart by people with any common colour blindness.
    private static final Color BLUE = new Color(0x00, 0x72, 0xB2);
    private static final Color GREEN = new Color(0x00, 0x9E, 0x73);
    private static final Color ORANGE = new Color(0xE6, 0x9F, 0x00);
    private static final Color PURPLE = new Color(0xCC, 0x79, 0xA7);
    private static final Color SKY = new Color(0x56, 0xB4, 0xE9);
    private static final Color BLACK = new Color(0x00, 0x00, 0x00);
    private static final Color VERMILION = new Color(0xD5, 0x5E, 0x00);

    /** In the order in which a figure's own series take them. */
    private static final List<Color> OWN = List.of(BLUE, GREEN, ORANGE, PURPLE, SKY, BLACK);

    static final Color INK = new Color(0x22, 0x22, 0x22);
    static final Color LIGHT = new Color(0xE3, 0xE3, 0xE3);
    static final Color MIDDLE = new Color(0x80, 0x80, 0x80);
    static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
    static final Font TITLE = FONT.deriveFont(Font.BOLD, 13f);
    /** Of what stands inside the plot; the smallest that a figure has. */
    static final Font SMALL = FONT.deriveFont(11f);

    private static final float[] DASHES = {4f, 3f};
    private static final List<float[]> DASHES_OF_PAPER = List.of(
            DASHES, new float[] {9f, 3f}, new float[] {1.5f, 2.5f}, new float[] {9f, 3f, 1.5f, 3f});
    private static final float[] DOTS = {1f, 3f};

    private FigureStyle() {}

    /** The colour of the paper's values is never that of a measured one. */
    static Color colour(Source source, int series) {
        return source == Source.PAPER ? VERMILION : OWN.get(series % OWN.size());
    }

    static Marker marker(Source source) {
        return source == Source.PAPER ? SeriesMarkers.DIAMOND : SeriesMarkers.CIRCLE;
    }

    /** Curves of the paper's share a colour, so each has dashes of its own. */
    static BasicStroke stroke(Source source, int series) {
        return source == Source.PAPER
                ? dashed(1.2f, DASHES_OF_PAPER.get(series % DASHES_OF_PAPER.size())) : solid(1.6f);
    }

    static BasicStroke solid(float width) {
        return new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER);
    }

    static BasicStroke dashed(float width) {
        return dashed(width, DASHES);
    }

    static BasicStroke dotted(float width) {
        return dashed(width, DOTS);
    }

    private static BasicStroke dashed(float width, float[] pattern) {
        return new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 1f, pattern, 0f);
    }

    /** A line without markers that the legend does not name, such as a grid line or a whisker. */
    static XYSeries line(XYChart chart, String name, double[] x, double[] y, Color colour, float width) {
        XYSeries line = chart.addSeries(name, x, y);
        line.setMarker(SeriesMarkers.NONE);
        line.setLineColor(colour);
        line.setLineStyle(solid(width));
        line.setShowInLegend(false);
        return line;
    }

    static void annotate(XYChart chart, String text, double x, double y) {
        chart.addAnnotation(new AnnotationText(text, x, y, false));
    }

    /** What every figure has in common; scales and margins are its own. */
    static void apply(XYStyler styler) {
        styler.setDefaultSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Line);
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
        styler.setAxisTickLabelsFont(FONT);
        styler.setAxisTitleFont(FONT);
        styler.setChartTitleVisible(false);
        styler.setAnnotationTextFont(SMALL);
        styler.setAnnotationTextFontColor(INK);
        styler.setLegendFont(FONT);
        styler.setLegendPosition(Styler.LegendPosition.OutsideS);
        styler.setLegendLayout(Styler.LegendLayout.Horizontal);
        styler.setLegendBorderColor(Color.WHITE);
        styler.setMarkerSize(9);
        styler.setAntiAlias(true);
        styler.setChartPadding(12);
    }

    static double width(String text, Font font) {
        return font.getStringBounds(text, new FontRenderContext(null, true, true)).getWidth();
    }
}
