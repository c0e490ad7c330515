package superweight.stats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Test;

class PairedBootstrapTest {
    @Test
    void whatIsSavedIsAShareOfTheOriginalsPerplexity() {
        PairedBootstrap bootstrap = new PairedBootstrap(5);
        double[] original = {1.5, 2.25, 3.5, 2};
        double[] changed = {1.25, 2, 3.75, 1.5};
        Interval ratio = bootstrap.perplexityRatio(original, changed);
        Interval saved = bootstrap.perplexitySaved(original, changed);
        assertEquals(100 * (1 - ratio.estimate()), saved.estimate(), 1e-9);
        assertEquals(100 * (1 - ratio.high()), saved.low(), 1e-9);
        assertEquals(100 * (1 - ratio.low()), saved.high(), 1e-9);
        assertEquals(0, bootstrap.perplexitySaved(original, original).high());
    }

    private static final double[] HARD_AND_EASY = {2.0, 4.5, 3.25, 2.75, 5.0, 3.5};

    private final PairedBootstrap bootstrap = new PairedBootstrap(7);

    @Test
    void aConstantDifferenceHasNoUncertainty() {
        double[] changed = Arrays.stream(HARD_AND_EASY).map(nll -> nll + 0.5).toArray();
        Interval difference = bootstrap.meanDifference(HARD_AND_EASY, changed);
        assertEquals(new Interval(0.5, 0.5, 0.5, 0.95), difference);
        assertEquals(Math.exp(0.5), bootstrap.perplexityRatio(HARD_AND_EASY, changed).low());
    }

    @Test
    void pairingRemovesWhatMakesAWindowHard() {
        double[] changed = HARD_AND_EASY.clone();
        changed[0] += 0.1;
        Interval difference = bootstrap.meanDifference(HARD_AND_EASY, changed);
        assertTrue(difference.high() <= 0.1, () -> "the spread of the windows leaked in: " + difference);
        assertEquals(0, difference.low());
    }

    /** Of two units resamples are one of them alone or both: ratios 1/2 and 4, 2 and 1/4, or 1 and 1 together. */
    @Test
    void theSmallestRatioIsPickedAnewInEachResample() {
        double[][] original = {{2, 2}, {1, 4}};
        double[][] changed = {{1, 4}, {4, 1}};
        Interval smallest = bootstrap.smallestRatioOfMeans(original, changed);
        assertEquals(1, smallest.estimate(), 1e-12);
        assertEquals(0.25, smallest.low(), 1e-12);
        assertEquals(1, smallest.high(), 1e-12);
        assertThrows(IllegalArgumentException.class,
                () -> bootstrap.smallestRatioOfMeans(original, new double[][] {{1, 4}}));
    }

    @Test
    void perplexityIsExpOfTheMeanAndItsEndsAreThoseOfTheMean() {
        Interval perplexity = bootstrap.perplexity(HARD_AND_EASY);
        Interval mean = bootstrap.mean(HARD_AND_EASY);
        assertEquals(Math.exp(3.5), perplexity.estimate(), 1e-12);
        assertEquals(Math.exp(mean.low()), perplexity.low());
        assertEquals(Math.exp(mean.high()), perplexity.high());
    }

    /** Of two windows, resamples are 1/4 low, 1/2 mixed, 1/4 high, so 95 % reaches both ends. */
    @Test
    void twoWindowsGiveTheirOwnValuesAsEnds() {
        assertEquals(new Interval(2, 1, 3, 0.95), bootstrap.mean(new double[] {1, 3}));
        assertEquals(new Interval(2, 2, 2, 0.4), new PairedBootstrap(7, 10_000, 0.4)
                .mean(new double[] {1, 3}));
    }

    @Test
    void ninetyFivePercentIntervalsCoverTheTruthAboutThatOften() {
        UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(20241112L);
        PairedBootstrap quick = new PairedBootstrap(3, 1000, 0.95);
        int covered = 0;
        int trials = 1000;
        for (int t = 0; t < trials; t++) {
            double[] values = new double[60];
            Arrays.setAll(values, i -> 3 + 0.4 * gaussian(random));
            Interval interval = quick.mean(values);
            covered += interval.low() <= 3 && 3 <= interval.high() ? 1 : 0;
        }
        // The percentile method falls short by about 1 % at 60 windows; 3 standard errors are 2 %.
        assertEquals(0.94, covered / (double) trials, 0.021);
    }

    @Test
    void theSeedAloneDecidesTheResult() {
        assertEquals(bootstrap.mean(HARD_AND_EASY), new PairedBootstrap(7).mean(HARD_AND_EASY));
        assertNotEquals(bootstrap.mean(HARD_AND_EASY), new PairedBootstrap(8, 200, 0.95).mean(HARD_AND_EASY));
    }

    @Test
    void aDestroyedModelHasInfinitePerplexityAndNoException() {
        double[] destroyed = {700, Double.POSITIVE_INFINITY, 800};
        Interval perplexity = bootstrap.perplexity(destroyed);
        assertEquals(Double.POSITIVE_INFINITY, perplexity.estimate());
        assertEquals(Double.POSITIVE_INFINITY, perplexity.high());
        double[] everywhere = new double[3];
        Arrays.fill(everywhere, Double.POSITIVE_INFINITY);
        assertEquals(Double.POSITIVE_INFINITY, bootstrap.perplexity(everywhere).low());
    }

    @Test
    void whatIsNotANumberStaysNotANumber() {
        Interval interval = bootstrap.perplexity(new double[] {1, Double.NaN});
        assertEquals(new Interval(Double.NaN, Double.NaN, Double.NaN, 0.95), interval);
    }

    @Test
    void aRatioOfMeansIsPairedToo() {
        double[] doubled = Arrays.stream(HARD_AND_EASY).map(value -> 2 * value).toArray();
        assertEquals(new Interval(2, 2, 2, 0.95), bootstrap.ratioOfMeans(HARD_AND_EASY, doubled));
        // Of two units, resamples give 2/1, (2 + 9)/(1 + 3) and 9/3; 95 % reaches both ends.
        assertEquals(new Interval(11 / 4.0, 2, 3, 0.95),
                bootstrap.ratioOfMeans(new double[] {1, 3}, new double[] {2, 9}));
    }

    @Test
    void groupsCountTheSameHoweverManyUnitsTheyHave() {
        List<double[]> original = List.of(new double[] {0, 0}, new double[] {0, 0, 0, 0});
        List<double[]> changed = List.of(new double[] {1, 1}, new double[] {0, 0, 0, 0});
        assertEquals(new Interval(0.5, 0.5, 0.5, 0.95), bootstrap.meanDifferenceOfGroups(original, changed));
        Interval alone = bootstrap.meanDifference(HARD_AND_EASY, new double[6]);
        Interval group = bootstrap.meanDifferenceOfGroups(List.of(HARD_AND_EASY), List.of(new double[6]));
        assertEquals(alone.low(), group.low(), 1e-12);
        assertEquals(alone.high(), group.high(), 1e-12);
    }

    @Test
    void aQuantityOfSeveralAveragesDrawsTheSameUnitsForAll() {
        List<double[]> original = List.of(new double[] {4, 8}, new double[] {6, 2, 4});
        List<double[]> half = List.of(new double[] {2, 4}, new double[] {3, 1, 2});
        Interval ratio = bootstrap.ofAverages(List.of(original, half), averages -> averages[1] / averages[0]);
        assertEquals(new Interval(0.5, 0.5, 0.5, 0.95), ratio);
        assertThrows(IllegalArgumentException.class,
                () -> bootstrap.ofAverages(List.of(original, half.subList(0, 1)), averages -> 0));
    }

    /** Twins that drew the same units would be as uncertain as one of them. */
    @Test
    void groupsAreDrawnIndependently() {
        double[] zero = new double[6];
        Interval one = bootstrap.meanDifference(zero, HARD_AND_EASY);
        Interval two = bootstrap.meanDifferenceOfGroups(List.of(zero, zero), List.of(HARD_AND_EASY, HARD_AND_EASY));
        assertEquals((one.high() - one.low()) / Math.sqrt(2), two.high() - two.low(), 0.1);
    }

    @Test
    void theBestConditionIsAsSureAsItsUnitsAgree() {
        double[] better = Arrays.stream(HARD_AND_EASY).map(nll -> nll - 0.01).toArray();
        assertArrayEquals(new double[] {0, 1}, bootstrap.shareSmallest(List.of(HARD_AND_EASY, better)), 1e-9);
        // Of two units, the first condition wins where the first is drawn twice, and the first of equals.
        assertArrayEquals(new double[] {0.75, 0.25},
                bootstrap.shareSmallest(List.of(new double[] {1, 2}, new double[] {2, 1})), 0.02);
    }

    @Test
    void refusesWindowsThatAreNotPaired() {
        assertThrows(IllegalArgumentException.class,
                () -> bootstrap.perplexityRatio(new double[2], new double[3]));
        assertThrows(IllegalArgumentException.class, () -> bootstrap.ratioOfMeans(new double[2], new double[3]));
        assertThrows(IllegalArgumentException.class, () -> bootstrap.perplexity(new double[0]));
    }

    private static double gaussian(UniformRandomProvider random) {
        return Math.sqrt(-2 * Math.log(1 - random.nextDouble()))
                * Math.cos(2 * Math.PI * random.nextDouble());
    }
}
