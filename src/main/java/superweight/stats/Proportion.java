package superweight.stats;

import org.apache.commons.statistics.inference.BinomialTest;
import org.apache.commons.statistics.interval.BinomialConfidenceInterval;

/**
 * So many of so many, such as right answers of items.
 *
 * @param successes from 0 to {@code trials}
 * @param trials at least 1
 */
public record Proportion(int successes, int trials) {
    public Proportion {
        if (trials < 1 || successes < 0 || successes > trials) {
            throw new IllegalArgumentException("a proportion of %d of %d".formatted(successes, trials));
        }
    }

    /** From 0 to 1. */
    public double value() {
        return (double) successes / trials;
    }

    /** Wilson's score interval, which stays between 0 and 1 and is wide where few were tried. */
    public Interval interval(double level) {
        var ends = BinomialConfidenceInterval.WILSON_SCORE.fromErrorRate(trials, successes, 1 - level);
        return new Interval(value(), ends.getLowerBound(), ends.getUpperBound(), level);
    }

    /** Of the exact two-sided binomial test against a stated probability, such as that of guessing right. */
    public double pValue(double probability) {
        return BinomialTest.withDefaults().test(trials, successes, probability).getPValue();
    }
}
