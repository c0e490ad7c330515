package superweight.report;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import superweight.InvalidInputException;
import superweight.Progress;
import superweight.find.DetectionPrompts;
import superweight.find.SuperWeightFinder;
import superweight.model.CausalLM;
import superweight.model.Coordinate;
import superweight.model.Tokenizer.Bos;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * The known super weights of models, {@code paper-tables/super-weights.csv}: Table 2 of the paper (its
 * "Super Weight Directory"), a few from other sources, and the embedded model's; a model's strongest comes first.
 */
public record SuperWeightDirectory(List<Entry> entries) {
    private static final List<String> HEADER = List.of("model", "layer", "row", "column", "standing", "source");

    /** Where a coordinate comes from, and what speaks against it. */
    public enum Standing {
        /** Found and measured by this project. */
        MEASURED,
        /** As the source has it. */
        PRINTED,
        /** As the source has it, and contradicted by another. */
        DISPUTED
    }

    /** One super weight. */
    public record Entry(String model, Coordinate coordinate, Standing standing, String source) {}

    /** Reads the directory strictly. */
    public static SuperWeightDirectory read(Path file) {
        return new SuperWeightDirectory(
                Csv.read(file, HEADER).stream().map(SuperWeightDirectory::entry).toList());
    }

    /**
     * A model's super weights, without what is disputed; empty for a model that is not listed.
     *
     * @param model its name, with or without its owner
     */
    public List<Coordinate> of(String model) {
        return entries.stream()
                .filter(entry -> entry.model.equals(model) || entry.model.endsWith("/" + model))
                .filter(entry -> entry.standing != Standing.DISPUTED)
                .map(Entry::coordinate)
                .toList();
    }

    /**
     * The super weights of a model that is not listed, as the finder finds them on the paper's prompt.
     *
     * @param name what the model is called
     * @throws InvalidInputException if it finds none
     */
    static List<Coordinate> found(String name, CausalLM model, Progress progress) {
        int[] ids = model.tokenizer().encode(DetectionPrompts.PAPER, Bos.AUTO);
        List<Coordinate> found = SuperWeightFinder.of(model).find(ids, progress).superWeights();
        if (found.isEmpty()) {
            throw new InvalidInputException(("No super weight of %s is known (paper-tables/super-weights.csv) or found"
                    + " on the prompt '%s', and this notebook needs one; notebook 01 shows the search.")
                    .formatted(name, DetectionPrompts.PAPER));
        }
        return found;
    }

    private static Entry entry(Csv.Row row) {
        Coordinate coordinate = Coordinate.parse(
                row.required("layer") + ":" + row.required("row") + ":" + row.required("column"));
        return new Entry(
                row.required("model"), coordinate, row.word("standing", Standing.class), row.required("source"));
    }

    /** The whole directory, for readers. */
    public ResultTable table() {
        return ResultTable.of(Table.create("directory").addColumns(
                column("model", Entry::model),
                column("layer", entry -> Integer.toString(entry.coordinate.layer())),
                column("down_proj.weight[row, column]", entry -> "[%d, %d]".formatted(
                        entry.coordinate.row(), entry.coordinate.column())),
                column("standing", entry -> entry.standing.name().toLowerCase(Locale.ROOT)),
                column("source", Entry::source)));
    }

    private StringColumn column(String name, Function<Entry, String> cell) {
        return StringColumn.create(name, entries.stream().map(cell));
    }
}
