package superweight.report;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import superweight.InvalidInputException;
import superweight.model.Coordinate;

/**
 * The known super weights of models, {@code paper-tables/super-weights.csv}: Table 2 of the paper (its
 * "Super Weight Directory") and the embedded model's; a model's strongest comes first.
 */
public record SuperWeightDirectory(List<Entry> entries) {
    private static final List<String> HEADER = List.of("model", "layer", "row", "column", "source");

    /** One super weight. */
    public record Entry(String model, Coordinate coordinate, String source) {}

    /** Reads the directory strictly. */
    public static SuperWeightDirectory read(Path file) {
        return new SuperWeightDirectory(
                Csv.read(file, HEADER).stream().map(SuperWeightDirectory::entry).toList());
    }

    /**
     * A model's super weights.
     *
     * @param model its name, with or without its owner
     * @throws InvalidInputException if none are known
     */
    public List<Coordinate> of(String model) {
        List<Coordinate> found = entries.stream()
                .filter(entry -> entry.model.equals(model) || entry.model.endsWith("/" + model))
                .map(Entry::coordinate)
                .toList();
        if (found.isEmpty()) {
            throw new InvalidInputException("paper-tables/super-weights.csv: expected a row with the model "
                    + model + ", its layer, row and column, found only "
                    + entries.stream().map(Entry::model).distinct().collect(Collectors.joining(", ")) + ".");
        }
        return found;
    }

    private static Entry entry(Csv.Row row) {
        Coordinate coordinate = Coordinate.parse(
                row.required("layer") + ":" + row.required("row") + ":" + row.required("column"));
        return new Entry(row.required("model"), coordinate, row.required("source"));
    }
}
