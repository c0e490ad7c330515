package superweight.report;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import superweight.InvalidInputException;

/**
 * A table that a source prints, {@code paper-tables/printed/<table>.csv}, to recompute what it derives from its own
 * columns.
 *
 * @param file where it stands
 * @param values by row and column, as they are printed
 */
public record PrintedTable(Path file, Map<Cell, Double> values) {
    private static final List<String> HEADER = List.of("row", "column", "value", "source");

    /** A place of the table by its names. */
    public record Cell(String row, String column) {}

    public PrintedTable {
        values = Map.copyOf(values);
    }

    /**
     * Reads one table.
     *
     * @throws InvalidInputException if the file is malformed or has a cell twice
     */
    static PrintedTable read(Path file) {
        Map<Cell, Double> values = new HashMap<>();
        for (Csv.Row row : Csv.read(file, HEADER)) {
            Cell cell = new Cell(row.required("row"), row.required("column"));
            if (values.putIfAbsent(cell, row.number("value")) != null) {
                throw row.fault("column", "each column of a row once");
            }
        }
        return new PrintedTable(file, values);
    }

    /** @throws IllegalArgumentException if there is no such cell */
    public double value(String row, String column) {
        Cell cell = new Cell(row, column);
        if (!values.containsKey(cell)) {
            throw new IllegalArgumentException("%s has no cell %s, %s".formatted(file.getFileName(), row, column));
        }
        return values.get(cell);
    }

    /** The mean of some columns of a row. */
    public double average(String row, List<String> columns) {
        return columns.stream().mapToDouble(column -> value(row, column)).average().orElseThrow();
    }
}
