package superweight.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import superweight.InvalidInputException;
import superweight.report.Contradiction.Way;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Where the sources contradict each other or themselves, {@code paper-tables/contradictions.csv}. */
public record Contradictions(List<Contradiction> rows) {
    private static final List<String> HEADER =
            List.of("id", "number", "question", "one", "one says", "other", "other says", "decided", "needs");

    public Contradictions {
        rows = List.copyOf(rows);
    }

    /**
     * Reads the file strictly.
     *
     * @throws InvalidInputException if a row is malformed, an id stands twice, or numbers are not in order without gaps
     */
    public static Contradictions read(Path file) {
        List<Contradiction> rows = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        int last = 0;
        for (Csv.Row row : Csv.read(file, HEADER)) {
            Contradiction one = Contradiction.of(row);
            if (!ids.add(one.id())) {
                throw row.fault("id", "an id not used before");
            }
            if (one.number() != last && one.number() != last + 1) {
                throw row.fault("number", "numbers in order and without gaps, here "
                        + (last == 0 ? "1" : last + " or " + (last + 1)));
            }
            last = one.number();
            rows.add(one);
        }
        return new Contradictions(rows);
    }

    /** The contradiction of this id. */
    public Contradiction named(String id) {
        return rows.stream().filter(row -> row.id().equals(id)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no contradiction is called " + id));
    }

    /** Those that this decides, in their order. */
    public List<Contradiction> decided(Way way) {
        return rows.stream().filter(row -> row.decided() == way).toList();
    }

    /** The whole list, for readers. */
    public ResultTable table() {
        return ResultTable.of(Table.create("contradictions").addColumns(
                IntColumn.create("no.", rows.stream().mapToInt(Contradiction::number).toArray()),
                column("question", Contradiction::question),
                column("first", row -> row.one() + ": " + row.oneSays()),
                column("second", row -> row.other() + ": " + row.otherSays()),
                column("decided by", row -> row.decided().name().toLowerCase(Locale.ROOT))));
    }

    private StringColumn column(String name, Function<Contradiction, String> cell) {
        return StringColumn.create(name, rows.stream().map(cell));
    }
}
