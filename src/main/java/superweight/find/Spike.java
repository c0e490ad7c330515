package superweight.find;

import java.util.Arrays;

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
        int at = 0;
        for (int i = 1; i < activations.length; i++) {
            at = Math.abs(activations[i]) > Math.abs(activations[at]) ? i : at;
        }
        return new Spike(
                at / channels, at % channels, activations[at], Math.abs(activations[at]) / median(activations));
    }

    /** The median magnitude. */
    static double median(float[] activations) {
        float[] sorted = new float[activations.length];
        for (int i = 0; i < sorted.length; i++) {
            sorted[i] = Math.abs(activations[i]);
        }
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + (double) sorted[half]) / 2;
    }
}
