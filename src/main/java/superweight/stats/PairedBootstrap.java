package superweight.stats;

import java.util.Arrays;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.apache.commons.statistics.descriptive.Quantile;

/**
 * Percentile bootstrap over the windows of a text.
 *
 * <p>Every quantity is computed from the mean negative log-likelihoods of the same windows in the
 * same order, in nats a token. Windows are drawn with replacement; a window drawn brings its value
 * under both conditions, so what makes a window hard cancels in comparisons. The same seed draws the
 * same windows in every call. The paper reports no intervals; these are this project's addition.
 *
 * @param seed where the random stream starts; results are equal for equal seeds on every JDK
 * @param resamples how many times the windows are drawn anew
 * @param level coverage of the intervals, such as 0.95
 */
public record PairedBootstrap(long seed, int resamples, double level) {
    /** Enough for the ends of a 95 % interval to be steady in their third digit. */
    public static final int RESAMPLES = 10_000;

    /** The coverage used throughout the project. */
    public static final double LEVEL = 0.95;

    // An inverse empirical distribution averages equal infinities to infinity where the
    // interpolating definitions give NaN, and it is symmetric, so swapping the conditions mirrors
    // the interval.
    private static final Quantile QUANTILE =
            Quantile.withDefaults().with(Quantile.EstimationMethod.HF2);

    public PairedBootstrap {
        if (resamples < 1) {
            throw new IllegalArgumentException("resamples must be positive, found " + resamples);
        }
        if (!(level > 0 && level < 1)) {
            throw new IllegalArgumentException("level must lie between 0 and 1, found " + level);
        }
    }

    public PairedBootstrap(long seed) {
        this(seed, RESAMPLES, LEVEL);
    }

    /** exp(mean nll): the perplexity over these windows. */
    public Interval perplexity(double[] nll) {
        return mean(nll).map(Math::exp);
    }

    /** exp(mean changed - mean original): how many times the change multiplies perplexity. */
    public Interval perplexityRatio(double[] original, double[] changed) {
        return meanDifference(original, changed).map(Math::exp);
    }

    /** mean changed - mean original, in nats a token. */
    public Interval meanDifference(double[] original, double[] changed) {
        if (original.length != changed.length) {
            throw new IllegalArgumentException(
                    "paired values must cover the same windows: %d against %d"
                            .formatted(original.length, changed.length));
        }
        double[] differences = new double[original.length];
        Arrays.setAll(differences, i -> changed[i] - original[i]);
        return mean(differences);
    }

    /** The mean of one value a window. */
    public Interval mean(double[] values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("a bootstrap needs at least one window");
        }
        double estimate = Arrays.stream(values).sum() / values.length;
        if (Double.isNaN(estimate)) {
            return new Interval(Double.NaN, Double.NaN, Double.NaN, level);
        }
        double[] means = resampledMeans(values);
        double tail = (1 - level) / 2;
        double[] ends = QUANTILE.evaluate(means, tail, 1 - tail);
        return new Interval(estimate, ends[0], ends[1], level);
    }

    private double[] resampledMeans(double[] values) {
        UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(seed);
        double[] means = new double[resamples];
        for (int r = 0; r < resamples; r++) {
            double sum = 0;
            for (int i = 0; i < values.length; i++) {
                sum += values[random.nextInt(values.length)];
            }
            means[r] = sum / values.length;
        }
        return means;
    }
}
