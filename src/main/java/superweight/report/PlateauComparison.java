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
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

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
        return ResultTable.of(Table.create("plateau").addColumns(
                        StringColumn.create("condition", rows.stream().map(Row::condition)),
                        column("at the onset", row -> row.onset.estimate()),
                        column("on the plateau", row -> row.level.estimate()),
                        column("plateau low", row -> row.level.low()),
                        column("plateau high", row -> row.level.high()),
                        column("lost at the onset", row -> row.lostAtOnset.estimate()),
                        column("lost at the onset low", row -> row.lostAtOnset.low()),
                        column("lost at the onset high", row -> row.lostAtOnset.high()),
                        column("lost on the plateau", row -> row.lostOfLevel.estimate()),
                        column("lost on the plateau low", row -> row.lostOfLevel.low()),
                        column("lost on the plateau high", row -> row.lostOfLevel.high()),
                        paper("paper: on the plateau", Heights::level),
                        paper("paper: lost at the onset", Heights::lostAtOnset),
                        paper("paper: lost on the plateau", Heights::lostOfLevel)))
                .format("at the onset", CellFormat.significant(4))
                .format("on the plateau", CellFormat.significant(4))
                .interval("95 %", "plateau low", "plateau high", CellFormat.significant(4))
                .format("lost at the onset", CellFormat.fixed(3))
                .interval("95 % of that", "lost at the onset low", "lost at the onset high", CellFormat.fixed(3))
                .format("lost on the plateau", CellFormat.fixed(3))
                .interval("95 % of this", "lost on the plateau low", "lost on the plateau high", CellFormat.fixed(3))
                .format("paper: on the plateau", CellFormat.significant(4))
                .format("paper: lost at the onset", CellFormat.fixed(3))
                .format("paper: lost on the plateau", CellFormat.fixed(3));
    }

    private DoubleColumn column(String name, ToDoubleFunction<Row> value) {
        return DoubleColumn.create(name, rows.stream().mapToDouble(value).toArray());
    }

    private DoubleColumn paper(String name, ToDoubleFunction<Heights> value) {
        return column(name, row -> row.paper.map(value::applyAsDouble).orElse(Double.NaN));
    }
}
