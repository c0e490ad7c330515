package superweight.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import superweight.report.DotFigure.Point;
import superweight.report.Figure.Source;
import superweight.report.LineFigure.Series;
import superweight.report.Results.Setting;

class CaptionedFigureTest {
    private static final Setting SETTING = new Setting("tiny", "wikitext2");
    private static final List<Point> POINTS = List.of(Point.of("original", 19.92));

    @Test
    void saysWhatIsShownOnWhatAndHowMuchOfIt() {
        Figure figure = new DotFigure("perplexity of some", "perplexity (log scale)", POINTS);
        assertEquals("Perplexity of some. Horizontal: perplexity (log scale). 10 windows of 2,048 tokens; bars are"
                + " 95 % intervals. Values of this run on tiny, wikitext2, at the default size.",
                caption(figure, "10 windows of 2,048 tokens; bars are 95 % intervals."));
    }

    @Test
    void aTitleThatNamesModelAndTextIsNotRepeated() {
        Figure figure = new DotFigure("Some: tiny on wikitext2", "x", POINTS);
        assertEquals("Some: tiny on wikitext2. Horizontal: x. 2 windows. Values of this run, at the default size.",
                caption(figure, "2 windows"));
    }

    @Test
    void explainsTheLineAndThePapersValuesWhereTheyAreDrawn() {
        Figure figure = new DotFigure("t", "x", List.of(POINTS.get(0), Point.paper("pruned", 1211.11)))
                .withReference("original", 19.921);
        assertEquals("Horizontal: x. Dashed line: original, 19.92. Diamonds: values that the paper prints.",
                figure.reading());
        Series own = Series.of("m", Source.THIS_RUN, new double[] {1, 2}, 9);
        Series papers = Series.of("p", Source.PAPER, new double[] {1, 2}, 9);
        assertEquals("Vertical: y; horizontal: x.", LineFigure.linear("t", "x", "y", List.of(own)).reading());
        assertEquals("Vertical: y; horizontal: x. Diamonds on dashed lines: values that the paper prints.",
                LineFigure.linear("t", "x", "y", List.of(own, papers)).reading());
    }

    @Test
    void aFigureOfPrintedValuesSaysThatNoneIsThisRuns() {
        Figure figure = new DotFigure("Printed", "x", List.of(Point.paper("pruned", 1211.11)));
        String caption = caption(figure, "one value");
        assertTrue(caption.endsWith("One value. None of them is a value of this run."), caption);
    }

    @Test
    void aFigureWithoutItsSampleSizeIsAMistake() {
        Figure figure = new DotFigure("t", "x", POINTS);
        assertThrows(IllegalArgumentException.class, () -> caption(figure, " "));
    }

    private static String caption(Figure figure, String sample) {
        return CaptionedFigure.of(figure, SETTING, Run.Size.DEFAULT, sample).caption();
    }
}
