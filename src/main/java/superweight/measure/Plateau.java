package superweight.measure;

import java.util.Arrays;
import org.apache.commons.statistics.descriptive.Median;

/**
 * The layers in which an activation stands (paper Figure 4): from the first in which it is at least half as large as it
 * ever becomes, up to the last before it falls below that again.
 *
 * @param first the layer where it appears, from 0
 * @param last the last layer where it stands
 * @param layers how many the model has
 */
public record Plateau(int first, int last, int layers) {
    /** @param curve the activation's magnitude after each layer */
    public static Plateau of(double[] curve) {
        double half = Arrays.stream(curve).max().orElseThrow() / 2;
        int first = 0;
        while (curve[first] < half) {
            first++;
        }
        int last = first;
        while (last + 1 < curve.length && curve[last + 1] >= half) {
            last++;
        }
        return new Plateau(first, last, curve.length);
    }

    /** The median of a curve over these layers: how high it stands. */
    public double level(double[] curve) {
        return Median.withDefaults().evaluate(Arrays.copyOfRange(curve, first, last + 1));
    }

    /** A curve where the activation appears. */
    public double onset(double[] curve) {
        return curve[first];
    }

    /** The smallest of a curve over these layers, as a share of the largest: 1 where it stands at one height. */
    public double constancy(double[] curve) {
        return constancy(curve, last);
    }

    /** The same over all layers from the first of these to the model's last. */
    public double constancyToTheEnd(double[] curve) {
        return constancy(curve, curve.length - 1);
    }

    /** Of the layers from the first of these to the model's last, the share in which it stands. */
    public double persistence() {
        return (last - first + 1.0) / (layers - first);
    }

    private double constancy(double[] curve, int to) {
        double[] part = Arrays.copyOfRange(curve, first, to + 1);
        return Arrays.stream(part).min().orElseThrow() / Arrays.stream(part).max().orElseThrow();
    }
}
