package superweight.report;

import java.util.List;
import java.util.stream.IntStream;
import superweight.stats.Interval;
import superweight.stats.PairedBootstrap;

/**
 * The curves of many prompts over the layers as one: at each layer the mean over the prompts, with its interval.
 *
 * @param name what is shown
 * @param layers one value a layer
 */
public record MeanCurve(String name, List<Interval> layers) {
    public MeanCurve {
        layers = List.copyOf(layers);
    }

    /** @param curves one a prompt, each with one value a layer */
    public static MeanCurve of(String name, List<double[]> curves, PairedBootstrap bootstrap) {
        return new MeanCurve(name, IntStream.range(0, curves.get(0).length)
                .mapToObj(layer -> bootstrap.mean(curves.stream().mapToDouble(curve -> curve[layer]).toArray()))
                .toList());
    }

    /** The curve as a figure draws it. */
    public LineFigure.Series series() {
        List<Double> x = IntStream.range(0, layers.size()).mapToObj(layer -> (double) layer).toList();
        return LineFigure.Series.of(name, x, layers);
    }
}
