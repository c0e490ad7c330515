package superweight.report;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import superweight.measure.ReconstructionError;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Where to clip, by what is lost of the weights and of what they give (paper section 4.2). */
public record ClipChoice(List<Row> rows) {
    /**
     * One way to quantize.
     *
     * @param block weights that share one step
     * @param z where outliers are clipped; empty where they are not
     */
    public record Row(String block, Optional<Double> z, ReconstructionError error) {}

    public ClipChoice {
        rows = List.copyOf(rows);
    }

    /** The z of one block size with the smallest error, the first of equals; empty where it is best not to clip. */
    public Optional<Double> best(String block, ToDoubleFunction<ReconstructionError> error) {
        return rows.stream()
                .filter(row -> row.block.equals(block))
                .min(Comparator.comparingDouble(row -> error.applyAsDouble(row.error)))
                .orElseThrow()
                .z;
    }

    public ResultTable table() {
        return ResultTable.of(Table.create("clip").addColumns(
                        StringColumn.create("weights in a block", rows.stream().map(Row::block)),
                        StringColumn.create("clip", rows.stream().map(row -> name(row.z))),
                        column("error of weights", ReconstructionError::weights),
                        column("error of outputs", ReconstructionError::outputs)))
                .format("error of weights", CellFormat.fixed(5))
                .format("error of outputs", CellFormat.fixed(5));
    }

    /** What tables call such a clip. */
    public static String name(Optional<Double> z) {
        return z.map(value -> "z = " + CellFormat.shortest().format(value)).orElse("-");
    }

    private DoubleColumn column(String name, ToDoubleFunction<ReconstructionError> value) {
        return DoubleColumn.create(
                name, rows.stream().mapToDouble(row -> value.applyAsDouble(row.error)).toArray());
    }
}
