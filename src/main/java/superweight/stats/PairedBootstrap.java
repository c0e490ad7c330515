package superweight.stats;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.apache.commons.statistics.descriptive.Quantile;

/**
 * Percentile bootstrap over the units of a sample: the windows of a text, prompts, or the items of a task.
 *
 * <p>Every quantity is computed from one value a unit, of the same units in the same order. Units are
 * drawn with replacement; a unit drawn brings its value under both conditions, so what makes a window
 * hard cancels in comparisons. The same seed draws the same units in every call. The paper reports no
 * intervals; these are this project's addition.
 *
 * @param seed where the random stream starts; results are equal for equal seeds on every JDK
 * @param resamples how many times the units are drawn anew
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

    /** exp(mean nll): the perplexity over windows, from the mean negative log-likelihood of each, in nats a token. */
    public Interval perplexity(double[] nll) {
        return mean(nll).map(Math::exp);
    }

    /** exp(mean changed - mean original): how many times the change multiplies perplexity. */
    public Interval perplexityRatio(double[] original, double[] changed) {
        return meanDifference(original, changed).map(Math::exp);
    }

    /**
     * What share of the original's perplexity a change saves, in percent: 100 (1 - changed / original); below 0 where
     * it costs.
     */
    public Interval perplexitySaved(double[] original, double[] changed) {
        return meanDifference(changed, original).map(saved -> -100 * Math.expm1(-saved));
    }

    /** mean changed - mean original. */
    public Interval meanDifference(double[] original, double[] changed) {
        return mean(Pairs.differences(original, changed));
    }

    /** The mean of one value a unit. */
    public Interval mean(double[] values) {
        requireUnits(values);
        return interval(Arrays.stream(values).sum() / values.length, resampledSums(values), sum -> sum / values.length);
    }

    /**
     * The mean over groups of (mean changed - mean original), such as of an average over tasks that all count the same:
     * units are drawn anew within each group.
     */
    public Interval meanDifferenceOfGroups(List<double[]> original, List<double[]> changed) {
        return ofAverages(List.of(original, changed), averages -> averages[1] - averages[0]);
    }

    /**
     * A quantity of several conditions' averages over groups that all count the same; units are drawn anew within each
     * group, the same for all conditions.
     *
     * @param conditions for each condition one value a unit, group by group
     * @param quantity of the conditions' averages, in their order
     */
    public Interval ofAverages(List<List<double[]>> conditions, ToDoubleFunction<double[]> quantity) {
        List<double[]> groups = conditions.get(0);
        if (groups.isEmpty() || conditions.stream().anyMatch(each -> each.size() != groups.size())) {
            throw new IllegalArgumentException("all conditions must have values of the same groups, at least one");
        }
        double[] averages = new double[conditions.size()];
        double[][] resampled = new double[conditions.size()][resamples];
        for (int condition = 0; condition < averages.length; condition++) {
            for (int group = 0; group < groups.size(); group++) {
                double[] values = conditions.get(condition).get(group);
                Pairs.requireAsMany(groups.get(group), values);
                requireUnits(values);
                double share = 1.0 / (groups.size() * (double) values.length);
                averages[condition] += share * Arrays.stream(values).sum();
                // A stream of its own for each group, or groups of one size would draw the same units.
                double[] sums = new PairedBootstrap(seed + group, resamples, level).resampledSums(values);
                for (int r = 0; r < resamples; r++) {
                    resampled[condition][r] += share * sums[r];
                }
            }
        }
        double[] quantities = IntStream.range(0, resamples)
                .mapToDouble(r -> quantity.applyAsDouble(
                        Arrays.stream(resampled).mapToDouble(each -> each[r]).toArray()))
                .toArray();
        return interval(quantity.applyAsDouble(averages), quantities, each -> each);
    }

    /** mean changed / mean original, such as how many times a change multiplies a token's mean probability. */
    public Interval ratioOfMeans(double[] original, double[] changed) {
        Pairs.requireAsMany(original, changed);
        requireUnits(original);
        double[] below = resampledSums(original);
        double[] ratios = resampledSums(changed);
        Arrays.setAll(ratios, r -> ratios[r] / below[r]);
        return interval(Arrays.stream(changed).sum() / Arrays.stream(original).sum(), ratios, ratio -> ratio);
    }

    /**
     * The smallest of some ratios mean changed / mean original, such as of the token that falls furthest; each resample
     * has a smallest one of its own.
     *
     * @param original for each ratio one value a unit, of the same units in the same order
     */
    public Interval smallestRatioOfMeans(double[][] original, double[][] changed) {
        if (original.length != changed.length) {
            throw new IllegalArgumentException("each ratio needs values above and below: %d against %d"
                    .formatted(changed.length, original.length));
        }
        List<List<double[]>> both =
                Stream.concat(Arrays.stream(original), Arrays.stream(changed)).map(List::of).toList();
        return ofAverages(both, means -> IntStream.range(0, original.length)
                .mapToDouble(i -> means[original.length + i] / means[i])
                .min()
                .orElseThrow());
    }

    /**
     * In what share of the resamples each condition has the smallest mean: how sure the choice of the best one is.
     *
     * @param conditions one value a unit for each condition, of the same units in the same order
     */
    public double[] shareSmallest(List<double[]> conditions) {
        conditions.forEach(each -> Pairs.requireAsMany(conditions.get(0), each));
        List<double[]> sums = conditions.stream().map(this::resampledSums).toList();
        double[] shares = new double[conditions.size()];
        for (int r = 0; r < resamples; r++) {
            int resample = r;
            int smallest = IntStream.range(0, shares.length)
                    .boxed()
                    .min(Comparator.comparingDouble(condition -> sums.get(condition)[resample]))
                    .orElseThrow();
            shares[smallest] += 1.0 / resamples;
        }
        return shares;
    }

    private static void requireUnits(double[] values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("a bootstrap needs at least one window, prompt or item");
        }
    }

    private Interval interval(double estimate, double[] resampled, DoubleUnaryOperator quantity) {
        if (Double.isNaN(estimate)) {
            return new Interval(Double.NaN, Double.NaN, Double.NaN, level);
        }
        double tail = (1 - level) / 2;
        double[] ends = QUANTILE.evaluate(resampled, tail, 1 - tail);
        return new Interval(estimate, quantity.applyAsDouble(ends[0]), quantity.applyAsDouble(ends[1]), level);
    }

    /** The sum of as many draws as there are values, once for each resample. */
    private double[] resampledSums(double[] values) {
        UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(seed);
        double[] sums = new double[resamples];
        for (int r = 0; r < resamples; r++) {
            for (int i = 0; i < values.length; i++) {
                sums[r] += values[random.nextInt(values.length)];
            }
        }
        return sums;
    }
}
