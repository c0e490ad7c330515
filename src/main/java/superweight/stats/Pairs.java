package superweight.stats;

import java.util.Arrays;

/** Values of the same units, in the same order, under two conditions. */
final class Pairs {
    private Pairs() {}

    static void requireAsMany(double[] original, double[] changed) {
        if (original.length != changed.length) {
            throw new IllegalArgumentException("paired values must cover the same units: %d against %d"
                    .formatted(original.length, changed.length));
        }
    }

    /** changed - original, unit by unit. */
    static double[] differences(double[] original, double[] changed) {
        requireAsMany(original, changed);
        double[] differences = new double[original.length];
        Arrays.setAll(differences, i -> changed[i] - original[i]);
        return differences;
    }
}
