package superweight.measure;

import ai.djl.ndarray.NDArray;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
 * @param places in the order in which the forward pass meets them
 */
public record ChannelMaxima(List<Place> places) {
    /**
     * One place in the model.
     *
     * @param largest one value a channel
     */
    public record Place(HookPoint point, float[] largest) {}

    /**
     * A channel that stands out.
     *
     * @param value the largest magnitude that it reaches
     * @param timesMedian how many times the same of the median channel of its place that is
     */
    public record Peak(HookPoint point, int channel, float value, double timesMedian) {}

    public ChannelMaxima {
        places = List.copyOf(places);
    }

    /**
     * Measures them on the original model.
     *
     * @param texts token ids, at least one text
     * @param sites of which activations, such as {@link superweight.model.LinearLayer#inputSite}
     * @throws ArithmeticException if an activation is not a finite number
     */
    public static ChannelMaxima measure(CausalLM model, List<int[]> texts, Set<Site> sites, Progress progress) {
        List<Site> inOrder = sites.stream().sorted().toList();
        Map<HookPoint, float[]> largest = new LinkedHashMap<>();
        double done = 0;
        for (List<int[]> batch : Batches.of(model, texts, ids -> ids.length, 1)) {
            Progress part = progress.between(done / texts.size(), (done + batch.size()) / texts.size());
            done += batch.size();
            part.step(new Step(model.identity(), batch, inOrder), Place.class,
                            () -> measureBatch(model, batch, sites, part))
                    .forEach(place -> largest.merge(place.point, place.largest, ChannelMaxima::larger));
            part.at(1, "measured"); // by an interrupted run, it may be
        }
        return new ChannelMaxima(placesOf(largest));
    }

    /** All that a batch's maxima depend on. */
    private record Step(CausalLM.Identity model, List<int[]> texts, List<Site> sites) {}

    private static List<Place> measureBatch(
            CausalLM model, List<int[]> texts, Set<Site> sites, Progress progress) {
        Map<HookPoint, float[]> largest = new LinkedHashMap<>();
        Activations.read(
                model,
                texts,
                model.config().numHiddenLayers(),
                List.of(Condition.ORIGINAL),
                sites,
                progress,
                (condition, text, point, activation) ->
                        largest.merge(point, ofEachChannel(activation), ChannelMaxima::larger));
        return placesOf(largest);
    }

    private static List<Place> placesOf(Map<HookPoint, float[]> largest) {
        return largest.entrySet().stream().map(each -> new Place(each.getKey(), each.getValue())).toList();
    }

    /** One value a channel. */
    public float[] at(HookPoint point) {
        return places.stream()
                .filter(place -> place.point.equals(point))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("nothing was measured at " + point))
                .largest
                .clone();
    }

    /** The channel that most stands out among those of its place, over all layers of a site. */
    public Peak peak(Site site) {
        return places.stream()
                .filter(place -> place.point.site() == site)
                .map(ChannelMaxima::peak)
                .max(Comparator.comparingDouble(Peak::timesMedian))
                .orElseThrow(() -> new IllegalArgumentException("nothing was measured at " + site));
    }

    private static Peak peak(Place place) {
        float[] values = place.largest;
        int channel = Activations.largest(values);
        double[] all = new double[values.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = values[i];
        }
        return new Peak(place.point, channel, values[channel], values[channel] / Median.withDefaults().evaluate(all));
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
