package superweight.measure;

import ai.djl.ndarray.NDArray;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.statistics.descriptive.Median;
import superweight.Progress;
import superweight.model.CausalLM;
import superweight.model.HookPoint;
import superweight.model.HookPoint.Site;

/**
 * The largest magnitude that each channel of some activations reaches on some texts: what SmoothQuant is calibrated
 * with (Xiao et al. 2023, its "activation scales").
 *
 * @param byPoint for each place in the model one value a channel
 */
public record ChannelMaxima(Map<HookPoint, float[]> byPoint) {
    /**
     * A channel that stands out.
     *
     * @param value the largest magnitude that it reaches
     * @param timesMedian how many times the same of the median channel of its place that is
     */
    public record Peak(HookPoint point, int channel, float value, double timesMedian) {}

    public ChannelMaxima {
        byPoint = Map.copyOf(byPoint);
    }

    /**
     * Measures them on the original model.
     *
     * @param texts token ids, at least one text
     * @param sites of which activations, such as {@link superweight.model.LinearLayer#inputSite}
     * @throws ArithmeticException if an activation is not a finite number
     */
    public static ChannelMaxima measure(CausalLM model, List<int[]> texts, Set<Site> sites, Progress progress) {
        Map<HookPoint, float[]> largest = new HashMap<>();
        Activations.read(
                model,
                texts,
                model.config().numHiddenLayers(),
                List.of(Condition.ORIGINAL),
                sites,
                progress,
                (condition, text, point, activation) ->
                        largest.merge(point, ofEachChannel(activation), ChannelMaxima::larger));
        return new ChannelMaxima(largest);
    }

    /** One value a channel. */
    public float[] at(HookPoint point) {
        return Optional.ofNullable(byPoint.get(point))
                .orElseThrow(() -> new IllegalArgumentException("nothing was measured at " + point))
                .clone();
    }

    /** The channel that most stands out among those of its place, over all layers of a site. */
    public Peak peak(Site site) {
        return byPoint.keySet().stream()
                .filter(point -> point.site() == site)
                .map(this::peak)
                .max(Comparator.comparingDouble(Peak::timesMedian))
                .orElseThrow(() -> new IllegalArgumentException("nothing was measured at " + site));
    }

    private Peak peak(HookPoint point) {
        float[] values = byPoint.get(point);
        int channel = Activations.largest(values);
        double[] all = new double[values.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = values[i];
        }
        return new Peak(point, channel, values[channel], values[channel] / Median.withDefaults().evaluate(all));
    }

    /** @param activation {@code [T, channels]} */
    private static float[] ofEachChannel(NDArray activation) {
        try (NDArray magnitudes = activation.abs(); NDArray largest = magnitudes.max(new int[] {0})) {
            float[] values = largest.toFloatArray();
            for (float value : values) {
                if (!Float.isFinite(value)) {
                    throw Overflow.of("activation is not a finite number");
                }
            }
            return values;
        }
    }

    private static float[] larger(float[] a, float[] b) {
        float[] larger = a.clone();
        for (int i = 0; i < larger.length; i++) {
            larger[i] = Math.max(a[i], b[i]);
        }
        return larger;
    }
}
