package superweight.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import superweight.report.Figure.Source;
import superweight.report.LineFigure.Series;
import superweight.stats.Interval;

class LineFigureTest {
    private static final int BLUE = 0x0072B2;
    private static final int VERMILION = 0xD55E00;

    private static final Series OWN = Series.of("this run: m", Source.THIS_RUN, new double[] {3, 496.93, 8}, 100);
    private static final Series PAPERS = Series.of("paper: p", Source.PAPER, new double[] {5.5, 8, 1313, 1.25}, 100);
    private static final LineFigure FIGURE =
            LineFigure.logarithmic("Outputs", "layer", "magnitude", List.of(OWN, PAPERS));

    @Test
    void theDataBesideTheFigureIsWhatWasDrawn() {
        assertEquals("""
                series,source,x,y,low,high
                this run: m,this run,0,3.0,,
                this run: m,this run,1,496.93,,
                this run: m,this run,2,8.0,,
                paper: p,paper,0,5.5,,
                paper: p,paper,1,8.0,,
                paper: p,paper,2,1313.0,,
                paper: p,paper,3,1.25,,
                """, FIGURE.csv());
    }

    @Test
    void spikesBearTheirValueAndNothingElseDoes() {
        assertEquals(List.of("", "497", ""), OWN.points().stream().map(LineFigure.Point::label).toList());
        Series silent = Series.of("this run: m", Source.THIS_RUN, new double[] {3, 496.93, 8}, 1000);
        LineFigure without = LineFigure.logarithmic("Outputs", "layer", "magnitude", List.of(silent, PAPERS));
        assertFalse(Arrays.equals(without.svg(), FIGURE.svg()));
    }

    @Test
    void thePictureShowsThisRunAndThePaperInTheirOwnColours() throws IOException {
        assertTrue(count(image(FIGURE), BLUE) > 300);
        assertTrue(count(image(FIGURE), VERMILION) > 300);
        LineFigure alone = LineFigure.logarithmic("Outputs", "layer", "magnitude", List.of(OWN));
        assertEquals(0, count(image(alone), VERMILION));
    }

    @Test
    void severalSeriesOfThisRunHaveDifferentColours() throws IOException {
        Series other = Series.of("other", Source.THIS_RUN, new double[] {30, 40, 50}, 100);
        LineFigure both = LineFigure.logarithmic("t", "x", "y", List.of(PAPERS, OWN, other));
        assertTrue(count(image(both), BLUE) > 300);
        assertTrue(count(image(both), 0x009E73) > 300);
    }

    @Test
    void intervalsAreDrawnAndStandInTheData() throws IOException {
        List<Double> factors = List.of(0.5, 3.0);
        Series points = Series.of("m", factors, List.of(new Interval(5, 5, 5, 0.95), new Interval(9, 9, 9, 0.95)));
        Series bars = Series.of("m", factors, List.of(new Interval(5, 1, 9, 0.95), new Interval(9, 5, 12, 0.95)));
        assertTrue(count(image(LineFigure.linear("t", "x", "y", List.of(bars))), BLUE)
                > count(image(LineFigure.linear("t", "x", "y", List.of(points))), BLUE) + 300);
        assertEquals("""
                series,source,x,y,low,high
                m,this run,0.5,5.0,1.0,9.0
                m,this run,3,9.0,5.0,12.0
                """, LineFigure.linear("t", "x", "y", List.of(bars)).csv());
    }

    @Test
    void namesOfCurvesThatEndTogetherAreMovedApart() {
        assertArrayEquals(new double[] {1, 2, 3}, LinePlot.apart(new double[] {1, 1, 1}, 1, 10));
        assertArrayEquals(new double[] {7.5, 8.5, 9.5}, LinePlot.apart(new double[] {9, 9.2, 9.9}, 1, 10));
        assertArrayEquals(new double[] {1, 5}, LinePlot.apart(new double[] {1, 5}, 1, 10));
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.POSITIVE_INFINITY, Double.NaN, 0, -1e300})
    void whatHasNoPlaceOnALinearAxisIsStillDrawn(double value) throws IOException {
        Series extreme = Series.of("s", Source.THIS_RUN, new double[] {value, 20}, 1e9);
        assertTrue(count(image(LineFigure.linear("t", "x", "y", List.of(extreme))), BLUE) > 100);
    }

    @Test
    void aValueOffTheScaleSaysSoOnceInARow() {
        double infinite = Double.POSITIVE_INFINITY;
        List<LineFigure.Point> points = Stream.of(infinite, infinite, 20.0, Double.NaN, -infinite)
                .map(y -> new LineFigure.Point(0, y, "", Optional.empty())).toList();
        Scale scale = LinearScale.of(20, infinite);
        assertEquals(List.of("infinite", "", "", "not a number", "minus infinite"), IntStream.range(0, 5)
                .mapToObj(i -> LinePlot.label(points, i, scale).orElse("")).toList());
    }

    @Test
    void minusInfinityStandsBelowAndInfinityAboveWhatALinearAxisHasAPlaceFor() {
        LinearScale scale = LinearScale.of(Double.NEGATIVE_INFINITY, 5, 9, Double.POSITIVE_INFINITY);
        double[] places = {scale.left(), scale.position(Double.NEGATIVE_INFINITY), scale.position(5), scale.position(9),
            scale.position(Double.POSITIVE_INFINITY), scale.right()};
        assertArrayEquals(Arrays.stream(places).sorted().distinct().toArray(), places);
    }

    @Test
    void theReferenceIsNamedBesideItsLine() {
        byte[] named = FIGURE.withReference("original", 8).svg();
        assertFalse(Arrays.equals(named, FIGURE.withReference("unchanged", 8).svg()));
    }

    @Test
    void curvesOfThePaperHaveDashesOfTheirOwn() {
        LineFigure paper = LineFigure.linear("t", "x", "y", List.of(PAPERS, PAPERS, OWN, PAPERS));
        List<String> dashes = Stream.of(0, 1, 3)
                .map(i -> paper.chart().getSeriesMap().get("series " + i).getLineStyle().getDashArray())
                .map(Arrays::toString).toList();
        assertEquals(3, dashes.stream().distinct().count(), dashes::toString);
    }

    @Test
    void ticksOfALinearAxisAreRoundNumbersInsideIt() {
        assertEquals(List.of(0.0, 20.0, 40.0, 60.0, 80.0, 100.0), LinearScale.of(0, 100).ticks());
        assertEquals(List.of(0.985, 0.99, 0.995, 1.0, 1.005), LinearScale.of(0.985, 1.006).ticks());
        LinearScale scale = LinearScale.of(20, Double.NaN);
        assertEquals(1, scale.position(Double.NaN) / scale.right(), 0.02);
    }

    @Test
    void theSameFigureGivesTheSameFiles() {
        assertArrayEquals(FIGURE.svg(), FIGURE.svg());
        assertArrayEquals(FIGURE.png(), FIGURE.png());
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.POSITIVE_INFINITY, Double.NaN, 0, 1e-300, 1e300})
    void valuesWithoutAPlaceOnALogarithmicAxisAreStillDrawn(double value) throws IOException {
        Series extreme = Series.of("s", Source.THIS_RUN, new double[] {value, 20}, 1e9);
        assertTrue(count(image(LineFigure.logarithmic("t", "x", "y", List.of(extreme))), BLUE) > 100);
    }

    @Test
    void refusesNothingToDraw() {
        assertThrows(IllegalArgumentException.class, () -> LineFigure.logarithmic("t", "x", "y", List.of()));
        assertThrows(IllegalArgumentException.class, () -> new Series("s", Source.PAPER, List.of()));
    }

    private static BufferedImage image(Figure figure) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(figure.png()));
    }

    private static int count(BufferedImage image, int colour) {
        int pixels = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                pixels += (image.getRGB(x, y) & 0xFFFFFF) == colour ? 1 : 0;
            }
        }
        return pixels;
    }
}
