package superweight.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import superweight.report.DotFigure.Point;
import superweight.stats.Interval;

class DotFigureTest {
    private static final int BLUE = 0x0072B2;
    private static final int GREEN = 0x009E73;
    private static final int VERMILION = 0xD55E00;

    private static final DotFigure FIGURE = new DotFigure("Pruning", "perplexity", List.of(
            Point.of("original", new Interval(19.92, 18.5, 21.3, 0.95)),
            Point.of("pruned", Double.POSITIVE_INFINITY),
            Point.paper("pruned", 1211.11))).withReference("original", 19.92);

    @Test
    void theDataBesideTheFigureIsWhatWasDrawn() {
        assertEquals("""
                condition,source,series,value,low,high,level
                original,this run,this run,19.92,18.5,21.3,0.95
                pruned,this run,this run,Infinity,,,
                pruned,paper,paper,1211.11,,,
                """, FIGURE.csv());
    }

    @Test
    void thePictureShowsThisRunAndThePaperInTheirOwnColours() throws IOException {
        BufferedImage image = image(FIGURE);
        assertTrue(image.getWidth() >= 1200);
        assertTrue(count(image, BLUE) > 300, "two circles and a whisker");
        assertTrue(count(image, VERMILION) > 100, "one diamond");
    }

    @Test
    void withoutAPaperValueNothingHasThePapersColour() throws IOException {
        BufferedImage image = image(new DotFigure("t", "x", List.of(Point.of("original", 19.92))));
        assertEquals(0, count(image, VERMILION));
        assertTrue(count(image, BLUE) > 100);
    }

    @Test
    void everySeriesOfThisRunHasAColourOfItsOwn() throws IOException {
        DotFigure figure = new DotFigure("t", "x", List.of(
                Point.of("the", 2).in("before"), Point.of("the", 20).in("after"), Point.of("a", 5).in("after")));
        assertTrue(count(image(figure), BLUE) > 100, "one circle before");
        assertTrue(count(image(figure), GREEN) > 200, "two circles after");
        assertTrue(figure.csv().contains("the,this run,after,20.0,,,\n"), figure::csv);
    }

    @Test
    void aReferenceMayStandElsewhereInEachRow() throws IOException {
        DotFigure figure = DotFigure.linear("t", "x", List.of(Point.of("a", 1), Point.of("b", 2)))
                .withReference("guessing", List.of(new DotFigure.Stretch("a", 0), new DotFigure.Stretch("b", 3)));
        assertTrue(figure.reading().endsWith("Dashed lines: guessing."), figure::reading);
        assertTrue(count(image(figure), BLUE) > 200, "two circles");
    }

    @Test
    void theVectorPictureIsWellFormedAndDrawsTheSamePoints() throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
        Document svg = factory.newDocumentBuilder().parse(new ByteArrayInputStream(FIGURE.svg()));
        assertEquals("svg", svg.getDocumentElement().getTagName());
        String text = new String(FIGURE.svg(), StandardCharsets.UTF_8);
        assertTrue(text.contains("rgb(0,114,178)") && text.contains("rgb(213,94,0)"));
    }

    @Test
    void theSameFigureGivesTheSameFiles() {
        assertArrayEquals(FIGURE.svg(), FIGURE.svg());
        assertArrayEquals(FIGURE.png(), FIGURE.png());
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN, 0, -3, 1e-300, 1e300})
    void valuesWithoutAPlaceOnALogarithmicAxisAreStillDrawn(double value) throws IOException {
        List<Point> points = List.of(Point.of("extreme", value), Point.of("ordinary", 20));
        assertTrue(count(image(new DotFigure("t", "x", points)), BLUE) > 200, "two circles");
        assertTrue(count(image(new DotFigure("t", "x", points.subList(0, 1))), BLUE) > 100, "one circle");
    }

    @Test
    void anIntervalWithAnInfiniteEndIsDrawnToTheEdge() throws IOException {
        Interval interval = new Interval(Double.POSITIVE_INFINITY, 50, Double.POSITIVE_INFINITY, 0.95);
        List<Point> points = List.of(Point.of("half", interval), Point.of("ordinary", 20));
        assertTrue(count(image(new DotFigure("t", "x", points)), BLUE) > 1000, "a long whisker");
    }

    @Test
    void refusesNothingToDrawAndNamesThatDoNotFit() {
        assertThrows(IllegalArgumentException.class, () -> new DotFigure("t", "x", List.of()));
        List<Point> longName = List.of(Point.of("x".repeat(49), 1));
        assertThrows(IllegalArgumentException.class, () -> new DotFigure("t", "x", longName));
    }

    @Test
    void ticksAreRoundNumbersInsideTheScale() {
        assertEquals(List.of(10.0, 100.0, 1000.0, 10000.0, 100000.0), LogScale.of(5, 1e5).ticks());
        assertEquals(List.of(5.0, 10.0, 20.0, 50.0, 100.0), LogScale.of(5, 100).ticks());
        assertEquals(List.of(15.0, 20.0, 30.0), LogScale.of(20).ticks());
        assertEquals(List.of(0.03, 0.1, 0.3, 1.0, 3.0), LogScale.of(0.03, 3).ticks());
    }

    @Test
    void everyPlaceIsInsideTheScaleAndInOrder() {
        LogScale scale = LogScale.of(-1, 5, 500, Double.POSITIVE_INFINITY);
        double[] places = {scale.left(), scale.position(-1), scale.position(5), scale.position(500),
            scale.position(Double.POSITIVE_INFINITY), scale.right()};
        for (int i = 1; i < places.length; i++) {
            assertTrue(places[i - 1] < places[i], "place " + i);
        }
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
