package superweight.stats;

import java.util.Arrays;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;

/**
 * Fisher's paired permutation test: were the two conditions the same, each unit's difference could as well have had the
 * other sign.
 *
 * <p>All patterns of signs are tried where there are no more than {@code permutations}, else that many drawn at random.
 *
 * @param seed where the random stream starts; results are equal for equal seeds on every JDK
 * @param permutations at most how many patterns of signs
 */
public record PermutationTest(long seed, int permutations) {
    /** The smallest p-value that can come out is the inverse of this. */
    public static final int PERMUTATIONS = 100_000;

    // Sums that are equal but for the order of their terms count as equal.
    private static final double ROUNDING = 1e-12;

    public PermutationTest {
        if (permutations < 1) {
            throw new IllegalArgumentException("permutations must be positive, found " + permutations);
        }
    }

    public PermutationTest(long seed) {
        this(seed, PERMUTATIONS);
    }

    /**
     * Two-sided, of the mean difference.
     *
     * @param original one finite value a unit: window, prompt or item
     * @param changed the same units after the change
     */
    public double pValue(double[] original, double[] changed) {
        double[] differences = Pairs.differences(original, changed);
        double sum = Arrays.stream(differences).sum();
        if (differences.length == 0 || !Double.isFinite(sum)) {
            throw new IllegalArgumentException("a permutation test needs at least one pair, and finite values");
        }
        double least = Math.abs(sum) - ROUNDING * Arrays.stream(differences).map(Math::abs).sum();
        return differences.length < Integer.SIZE - 1 && 1L << differences.length <= permutations
                ? exact(differences, least)
                : drawn(differences, least);
    }

    private static double exact(double[] differences, double least) {
        int patterns = 1 << differences.length;
        int asFar = 0;
        for (int pattern = 0; pattern < patterns; pattern++) {
            double sum = 0;
            for (int i = 0; i < differences.length; i++) {
                sum += (pattern >> i & 1) == 0 ? differences[i] : -differences[i];
            }
            asFar += Math.abs(sum) >= least ? 1 : 0;
        }
        return (double) asFar / patterns;
    }

    /** What was observed counts as one of the patterns, so that the p-value is never 0. */
    private double drawn(double[] differences, double least) {
        UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(seed);
        int asFar = 1;
        for (int drawn = 1; drawn < permutations; drawn++) {
            double sum = 0;
            for (double difference : differences) {
                sum += random.nextBoolean() ? difference : -difference;
            }
            asFar += Math.abs(sum) >= least ? 1 : 0;
        }
        return (double) asFar / permutations;
    }
}
