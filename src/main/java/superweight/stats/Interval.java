package superweight.stats;

import java.util.function.DoubleUnaryOperator;

/**
 * An estimate and the confidence interval around it.
 *
 * <p>Ends may be infinite (a destroyed model's perplexity) or all NaN where a measurement was not a
 * number.
 *
 * @param level coverage, such as 0.95
 */
public record Interval(double estimate, double low, double high, double level) {
    public Interval {
        if (low > high) {
            throw new IllegalArgumentException("interval ends are reversed: " + low + " > " + high);
        }
        if (!(level > 0 && level < 1)) {
            throw new IllegalArgumentException("level must lie between 0 and 1, found " + level);
        }
    }

    /** A share's interval in percent. */
    public Interval inPercent() {
        return map(share -> 100 * share);
    }

    /** This interval under an increasing function, which keeps a percentile interval's coverage. */
    Interval map(DoubleUnaryOperator increasing) {
        return new Interval(
                increasing.applyAsDouble(estimate),
                increasing.applyAsDouble(low),
                increasing.applyAsDouble(high),
                level);
    }
}
