package superweight.report;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import superweight.InvalidInputException;

/** How much of its work each notebook does at each size: {@code notebooks/sizes.csv}. */
record Sizes(Path file, List<Row> rows) {
    /** What the word {@code all} of a cell means. */
    static final int ALL = Integer.MAX_VALUE;

    private static final List<String> HEADER = List.of("notebook", "name", "small", "default", "full", "what");

    /** One quantity of one notebook. */
    record Row(Csv.Row cells) {
        boolean isOf(String notebook, String name) {
            return cells.text("notebook").equals(notebook) && cells.text("name").equals(name);
        }

        /**
         * A whole number, or {@link #ALL}.
         *
         * @throws InvalidInputException if the cell of any size is something else, so that a fault in the
         *     one that takes hours shows in the one that takes seconds
         */
        int count(Run.Size size) {
            for (Run.Size each : Run.Size.values()) {
                if (!cells.text(column(each)).matches("all|[1-9][0-9]{0,8}")) {
                    throw cells.fault(column(each), "a whole number from 1 to 999999999, or all");
                }
            }
            String cell = cells.text(column(size));
            return cell.equals("all") ? ALL : Integer.parseInt(cell);
        }

        /** The words of the cell, which blanks separate. */
        List<String> words(Run.Size size) {
            return List.of(cells.text(column(size)).split(" "));
        }

        private static String column(Run.Size size) {
            return size.name().toLowerCase(Locale.ROOT);
        }
    }

    Sizes {
        rows = List.copyOf(rows);
    }

    /**
     * Reads the file strictly.
     *
     * @throws InvalidInputException if a cell is empty, has blanks at an end or two in a row, or a notebook's
     *     quantity stands there twice
     */
    static Sizes read(Path file) {
        Map<List<String>, Integer> lineOf = new HashMap<>();
        List<Csv.Row> rows = Csv.read(file, HEADER);
        for (Csv.Row row : rows) {
            for (String column : HEADER) {
                if (!row.required(column).matches("\\S+( \\S+)*")) {
                    throw row.fault(column, "words with single blanks between them");
                }
            }
            Integer before = lineOf.putIfAbsent(List.of(row.text("notebook"), row.text("name")), row.line());
            if (before != null) {
                throw row.fault("name", "a name not used before for %s (line %d has it)"
                        .formatted(row.text("notebook"), before));
            }
        }
        return new Sizes(file, rows.stream().map(Row::new).toList());
    }

    /** The row of a notebook's quantity. */
    Row of(String notebook, String name) {
        return rows.stream().filter(row -> row.isOf(notebook, name)).findFirst()
                .orElseThrow(() -> new InvalidInputException("%s: expected a row \"%s\" for notebook %s, found none."
                        .formatted(file.getFileName(), name, notebook)));
    }
}
