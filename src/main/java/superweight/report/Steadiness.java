package superweight.report;

import java.util.List;
import superweight.measure.Plateau;
import superweight.stats.Interval;
import superweight.stats.PairedBootstrap;

/**
 * How steady the original model's super activation is over the layers (paper Figure 4, "exactly the same magnitude"):
 * means over prompts of {@link Plateau}'s measures.
 *
 * @param standing {@link Plateau#constancy}
 * @param toTheEnd {@link Plateau#constancyToTheEnd}
 * @param persistence {@link Plateau#persistence}
 */
public record Steadiness(Interval standing, Interval toTheEnd, Interval persistence) {
    private record Line(String quantity, Interval value, double paper) {}

    /** @param curves one a prompt: magnitudes layer by layer */
    public static Steadiness of(List<double[]> curves, PairedBootstrap bootstrap) {
        return new Steadiness(
                bootstrap.mean(curves.stream().mapToDouble(curve -> Plateau.of(curve).constancy(curve)).toArray()),
                bootstrap.mean(
                        curves.stream().mapToDouble(curve -> Plateau.of(curve).constancyToTheEnd(curve)).toArray()),
                bootstrap.mean(curves.stream().mapToDouble(curve -> Plateau.of(curve).persistence()).toArray()));
    }

    /** @param printed the paper's curve of the original model */
    public ResultTable table(PrintedSeries printed) {
        double[] curve = printed.magnitudes();
        Plateau paper = Plateau.of(curve);
        List<Line> lines = List.of(
                new Line("smallest over largest, while at least half of it stands", standing, paper.constancy(curve)),
                new Line("the same from its onset to the last layer", toTheEnd, paper.constancyToTheEnd(curve)),
                new Line("of these layers, share in which half of it stands", persistence, paper.persistence()));
        return IntervalTable.of("quantity", lines, Line::quantity)
                .interval("this run", CellFormat.fixed(3), Line::value)
                .number("paper's data", CellFormat.fixed(3), Line::paper)
                .table();
    }
}
