package superweight.report;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import superweight.measure.Plateau;
import superweight.stats.Interval;
import superweight.stats.PairedBootstrap;

/**
 * How high the super activation stands under several conditions, and how much of it goes (paper Figure 4).
 *
 * <p>The layers that are looked at are, on each prompt, those in which the original model's super activation stands.
 */
public record PlateauComparison(List<Row> rows) {
    /**
     * One condition: means over prompts with their intervals, and what the paper's curve gives.
     *
     * @param level of the plateau, as {@link Plateau#level}
     * @param onset where the plateau begins
     * @param lostOfLevel 1 minus the level over the original's, prompt by prompt
     * @param lostAtOnset the same of the onset
     * @param paper the same four of the paper's curve, where it has one for the condition
     */
    public record Row(
            String condition,
            Interval level,
            Interval onset,
            Interval lostOfLevel,
            Interval lostAtOnset,
            Optional<Heights> paper) {}

    /** What one curve gives beside that of the original model. */
    public record Heights(double level, double onset, double lostOfLevel, double lostAtOnset) {
        static Heights of(double[] original, double[] changed) {
            Plateau plateau = Plateau.of(original);
            return new Heights(
                    plateau.level(changed),
                    plateau.onset(changed),
                    lost(Plateau::level, plateau, original, changed),
                    lost(Plateau::onset, plateau, original, changed));
        }
    }

    public PlateauComparison {
        rows = List.copyOf(rows);
    }

    /**
     * Compares conditions with the first of them, which is the original model.
     *
     * @param conditions their names
     * @param curves for each condition, each prompt's magnitudes layer by layer
     * @param printed the paper's curves by the names of their conditions, that of the original model among them
     */
    public static PlateauComparison of(
            List<String> conditions,
            List<List<double[]>> curves,
            Map<String, PrintedSeries> printed,
            PairedBootstrap bootstrap) {
        return new PlateauComparison(IntStream.range(0, conditions.size())
                .mapToObj(i -> row(
                        conditions.get(i),
                        curves.get(0),
                        curves.get(i),
                        Optional.ofNullable(printed.get(conditions.get(i))).map(series -> Heights.of(
                                printed.get(conditions.get(0)).magnitudes(), series.magnitudes())),
                        bootstrap))
                .toList());
    }

    private static Row row(
            String condition,
            List<double[]> original,
            List<double[]> changed,
            Optional<Heights> paper,
            PairedBootstrap bootstrap) {
        double[] levels = new double[original.size()];
        double[] onsets = new double[original.size()];
        double[] lostOfLevel = new double[original.size()];
        double[] lostAtOnset = new double[original.size()];
        for (int prompt = 0; prompt < original.size(); prompt++) {
            Heights one = Heights.of(original.get(prompt), changed.get(prompt));
            levels[prompt] = one.level;
            onsets[prompt] = one.onset;
            lostOfLevel[prompt] = one.lostOfLevel;
            lostAtOnset[prompt] = one.lostAtOnset;
        }
        return new Row(
                condition,
                bootstrap.mean(levels),
                bootstrap.mean(onsets),
                bootstrap.mean(lostOfLevel),
                bootstrap.mean(lostAtOnset),
                paper);
    }

    private static double lost(
            ToDoubleBiFunction<Plateau, double[]> height, Plateau plateau, double[] original, double[] changed) {
        return 1 - height.applyAsDouble(plateau, changed) / height.applyAsDouble(plateau, original);
    }

    public ResultTable table() {
        CellFormat share = CellFormat.fixed(3);
        return IntervalTable.of("condition", rows, Row::condition)
                .number("at the onset", CellFormat.significant(4), row -> row.onset.estimate())
                .interval("on the plateau", CellFormat.significant(4), Row::level)
                .interval("lost at the onset", share, Row::lostAtOnset)
                .interval("lost on the plateau", share, Row::lostOfLevel)
                .number("paper: at the onset", CellFormat.significant(4), row -> paper(row, Heights::onset))
                .number("paper: on the plateau", CellFormat.significant(4), row -> paper(row, Heights::level))
                .number("paper: lost at the onset", share, row -> paper(row, Heights::lostAtOnset))
                .number("paper: lost on the plateau", share, row -> paper(row, Heights::lostOfLevel))
                .table();
    }

    private static double paper(Row row, ToDoubleFunction<Heights> value) {
        return row.paper.map(value::applyAsDouble).orElse(Double.NaN);
    }
}
