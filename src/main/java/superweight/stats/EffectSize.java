package superweight.stats;

import java.util.Arrays;
import org.apache.commons.statistics.descriptive.Mean;
import org.apache.commons.statistics.descriptive.StandardDeviation;

/** How large a difference is, whatever the number of units: effect sizes by the names of the literature. */
public final class EffectSize {
    private EffectSize() {}

    /** Cohen's d_z: the mean of the paired differences in their standard deviations (divisor n - 1). */
    public static double cohensDz(double[] original, double[] changed) {
        double[] differences = Pairs.differences(original, changed);
        return Mean.of(differences).getAsDouble() / StandardDeviation.of(differences).getAsDouble();
    }

    /** Cliff's delta: how much likelier a changed value is above an original one than below it, from -1 to 1. */
    public static double cliffsDelta(double[] original, double[] changed) {
        double dominance = Arrays.stream(changed)
                .map(after -> Arrays.stream(original).map(before -> Math.signum(after - before)).sum())
                .sum();
        return dominance / ((double) original.length * changed.length);
    }

    /** Cohen's h: the distance of two proportions on the scale on which their variance is the same everywhere. */
    public static double cohensH(double original, double changed) {
        return 2 * Math.asin(Math.sqrt(changed)) - 2 * Math.asin(Math.sqrt(original));
    }

    /** What share of a loss was made good: (restored - damaged) / (original - damaged). */
    public static double recovered(double original, double damaged, double restored) {
        return (restored - damaged) / (original - damaged);
    }
}
