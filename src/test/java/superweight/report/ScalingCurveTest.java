package superweight.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import superweight.InvalidInputException;
import superweight.measure.Perplexity;
import superweight.measure.Scaling;
import superweight.model.Coordinate;
import superweight.stats.PairedBootstrap;
import superweight.stats.PermutationTest;

class ScalingCurveTest {
    private static final List<Coordinate> WEIGHTS = List.of(new Coordinate(1, 2, 3));
    private static final List<Perplexity> MEASURED = List.of(
            new Perplexity(64, List.of(5.0, 6.0, 7.0)),
            new Perplexity(64, List.of(3.0, 3.0, 3.0)),
            new Perplexity(64, List.of(2.9, 2.8, 2.7)));

    private final ScalingCurve curve = curve(List.of(0.0, 1.0, 1.5), MEASURED);

    @Test
    void everyFactorIsHeldAgainstTheOriginalWindowByWindow() {
        assertEquals(Math.exp(3), curve.at(0).ratio().estimate(), 1e-9);
        assertEquals(Math.exp(-0.2), curve.at(1.5).ratio().estimate(), 1e-9);
        assertEquals(3, curve.at(0).cohensDz(), 1e-9);
        assertEquals(-2, curve.at(1.5).cohensDz(), 1e-9);
    }

    /** Three differences of one sign have p = 1/4, of two comparisons the smaller one counts twice. */
    @Test
    void pValuesAreCorrectedForAllFactorsButTheOriginalIsNoComparison() {
        assertEquals(0.5, curve.at(0).pValue(), 1e-9);
        assertEquals(0.5, curve.at(1.5).pValue(), 1e-9);
        assertTrue(Double.isNaN(curve.at(1).pValue()));
        assertTrue(Double.isNaN(curve.at(1).cohensDz()));
    }

    @Test
    void theBestFactorHasTheSmallestPerplexityAndSaysHowSureThatIs() {
        assertEquals(1.5, curve.best());
        assertEquals(1, curve.at(1.5).best(), 1e-9);
        assertEquals(0, curve.at(1).best());
    }

    @Test
    void aDestroyedModelHasNoPValueAndBreaksNothing() {
        Perplexity destroyed = new Perplexity(64, List.of(5.0, Double.POSITIVE_INFINITY, 7.0));
        ScalingCurve broken = curve(List.of(0.0, 1.0, 1.5), List.of(destroyed, MEASURED.get(1), MEASURED.get(2)));
        assertEquals(Double.POSITIVE_INFINITY, broken.at(0).ratio().estimate());
        assertTrue(Double.isNaN(broken.at(0).pValue()));
        assertEquals(0.25, broken.at(1.5).pValue(), 1e-9);
        assertEquals(List.of(1.5), broken.amplifying().rows().stream().map(ScalingCurve.Row::factor).toList());
    }

    @Test
    void withoutTheOriginalThereIsNothingToCompareWith() {
        assertThrows(InvalidInputException.class, () -> curve(List.of(0.0, 2.0, 1.5), MEASURED));
    }

    private static ScalingCurve curve(List<Double> factors, List<Perplexity> measured) {
        return ScalingCurve.of(
                new Scaling(WEIGHTS, factors), measured, new PairedBootstrap(3, 500, 0.95), new PermutationTest(3));
    }
}
