package superweight.report;

import java.util.List;
import java.util.stream.IntStream;
import superweight.report.Figure.Source;
import superweight.stats.Interval;
import superweight.stats.PairedBootstrap;

/**
 * Many prompts' curves over the layers as one: at each layer the mean over the prompts, with its interval.
 *
 * @param name what is shown
 * @param values one a layer
 */
public record MeanCurve(String name, List<Interval> values) {
    public MeanCurve {
        values = List.copyOf(values);
    }

    /** @param curves one a prompt, all of one length */
    public static MeanCurve of(String name, List<double[]> curves, PairedBootstrap bootstrap) {
        int layers = curves.get(0).length;
        return new MeanCurve(name, IntStream.range(0, layers)
                .mapToObj(layer -> bootstrap.mean(curves.stream().mapToDouble(curve -> curve[layer]).toArray()))
                .toList());
    }

    /** The curve as a figure draws it. */
    public LineFigure.Series series() {
        return new LineFigure.Series(name, Source.THIS_RUN, IntStream.range(0, values.size())
                .mapToObj(layer -> new LineFigure.Point(layer, values.get(layer).estimate(), ""))
                .toList());
    }
}
