package superweight.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import superweight.report.Figure.Source;
import superweight.stats.Interval;
import superweight.stats.PairedBootstrap;

class MeanCurveTest {
    private static final MeanCurve CURVE = MeanCurve.of(
            "a", List.of(new double[] {1, 5, 9}, new double[] {3, 5, 1}), new PairedBootstrap(1, 200, 0.95));

    @Test
    void manyCurvesAreTheirMeanAtEachLayer() {
        assertEquals(List.of(2.0, 5.0, 5.0), CURVE.layers().stream().map(Interval::estimate).toList());
        assertEquals(new Interval(2, 1, 3, 0.95), CURVE.layers().get(0));
    }

    @Test
    void itIsDrawnLayerByLayerAsThisRuns() {
        LineFigure.Series series = CURVE.series();
        assertEquals("a", series.name());
        assertEquals(Source.THIS_RUN, series.source());
        assertEquals(List.of(0.0, 1.0, 2.0), series.points().stream().map(LineFigure.Point::x).toList());
        assertEquals(List.of(2.0, 5.0, 5.0), series.points().stream().map(LineFigure.Point::y).toList());
    }
}
