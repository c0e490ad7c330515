package superweight.find;

import org.apache.commons.statistics.descriptive.Median;

/**
 * The activation of largest magnitude in one array, as the paper reads it off its Figure 3.
 *
 * @param token its position in the prompt, from 0
 * @param channel its channel
 * @param value the activation, with its sign
 * @param timesMedian its magnitude over the median magnitude of all the array's activations
 */
public record Spike(int token, int channel, float value, double timesMedian) {

    /**
     * @param activations {@code [T, channels]}, row-major
     * @param channels how many channels a token has
     */
    static Spike of(float[] activations, int channels) {
        return of(activations, channels, median(activations));
    }

    /** @param median of the activations' magnitudes */
    static Spike of(float[] activations, int channels, double median) {
        int at = 0;
        for (int i = 1; i < activations.length; i++) {
            at = Math.abs(activations[i]) > Math.abs(activations[at]) ? i : at;
        }
        return new Spike(at / channels, at % channels, activations[at], Math.abs(activations[at]) / median);
    }

    /** The median magnitude. */
    static double median(float[] activations) {
        double[] magnitudes = new double[activations.length];
        for (int i = 0; i < magnitudes.length; i++) {
            magnitudes[i] = Math.abs(activations[i]);
        }
        return Median.withDefaults().withCopy(false).evaluate(magnitudes);
    }
}
