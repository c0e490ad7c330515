package superweight.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;

class PairedBootstrapProperties {
    private static final double RELATIVE = 1e-9;

    private final PairedBootstrap bootstrap = new PairedBootstrap(11, 500, 0.95);

    /** Mean negative log-likelihoods of the same windows under two conditions. */
    record Pair(double[] original, double[] changed) {}

    @Property(tries = 200)
    void theEstimateLiesInsideItsInterval(@ForAll("pairs") Pair pair) {
        Interval ratio = bootstrap.perplexityRatio(pair.original(), pair.changed());
        assertTrue(ratio.low() <= ratio.estimate() * (1 + RELATIVE), ratio::toString);
        assertTrue(ratio.high() >= ratio.estimate() * (1 - RELATIVE), ratio::toString);
    }

    @Property(tries = 200)
    void shiftingEveryWindowScalesPerplexityAndLeavesTheRatio(
            @ForAll("pairs") Pair pair, @ForAll @DoubleRange(min = -2, max = 2) double shift) {
        double[] original = Arrays.stream(pair.original()).map(nll -> nll + shift).toArray();
        double[] changed = Arrays.stream(pair.changed()).map(nll -> nll + shift).toArray();
        assertClose(bootstrap.perplexity(pair.original()), bootstrap.perplexity(original), Math.exp(shift));
        assertClose(bootstrap.perplexityRatio(pair.original(), pair.changed()),
                bootstrap.perplexityRatio(original, changed), 1);
    }

    @Property(tries = 200)
    void swappingTheConditionsInvertsTheRatio(@ForAll("pairs") Pair pair) {
        Interval forth = bootstrap.perplexityRatio(pair.original(), pair.changed());
        Interval back = bootstrap.perplexityRatio(pair.changed(), pair.original());
        assertEquals(1, forth.estimate() * back.estimate(), RELATIVE);
        assertEquals(1, forth.low() * back.high(), RELATIVE);
        assertEquals(1, forth.high() * back.low(), RELATIVE);
    }

    @Property(tries = 200)
    void aHigherLevelNeverNarrowsTheInterval(@ForAll("pairs") Pair pair) {
        Interval narrow = new PairedBootstrap(11, 500, 0.8).mean(pair.original());
        Interval wide = bootstrap.mean(pair.original());
        assertTrue(wide.low() <= narrow.low() && wide.high() >= narrow.high());
    }

    @Provide
    Arbitrary<Pair> pairs() {
        Arbitrary<Double> nll = Arbitraries.doubles().between(0.5, 12).ofScale(6);
        Arbitrary<List<List<Double>>> windows =
                Combinators.combine(nll, nll).as(List::of).list().ofMinSize(1).ofMaxSize(40);
        return windows.map(list -> new Pair(column(list, 0), column(list, 1)));
    }

    private static double[] column(List<List<Double>> rows, int column) {
        return IntStream.range(0, rows.size()).mapToDouble(i -> rows.get(i).get(column)).toArray();
    }

    private static void assertClose(Interval before, Interval after, double factor) {
        assertEquals(1, after.estimate() / (before.estimate() * factor), RELATIVE);
        assertEquals(1, after.low() / (before.low() * factor), RELATIVE);
        assertEquals(1, after.high() / (before.high() * factor), RELATIVE);
    }
}
