package superweight.report;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import superweight.InvalidInputException;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** The claims of {@code paper-tables/claims.csv}, in the file's order, which is the paper's. */
public record Claims(List<Claim> rows) {
    static final List<String> HEADER = List.of(
            "id", "source", "place", "sentence", "printed", "unit", "comparison", "tolerance",
            "reason", "effect", "notebook", "model", "text");

    public Claims {
        rows = List.copyOf(rows);
    }

    /**
     * Reads a claims file strictly.
     *
     * @throws InvalidInputException if anything in it is not as expected; the sentence names file,
     *     line, column, what was expected and what was found
     */
    public static Claims read(Path file) {
        Map<String, Integer> lineOfId = new HashMap<>();
        List<Claim> claims = new ArrayList<>();
        for (Csv.Row row : Csv.read(file, HEADER)) {
            Claim claim = claim(row);
            Integer before = lineOfId.putIfAbsent(claim.id(), row.line());
            if (before != null) {
                throw row.fault("id", "an id not used before (line " + before + " has it)");
            }
            claims.add(claim);
        }
        return new Claims(claims);
    }

    /** The claims that one notebook measures. */
    public Claims of(String notebook) {
        return new Claims(rows.stream().filter(c -> c.notebook().equals(notebook)).toList());
    }

    /** The claims about this model, whatever they are measured on. */
    public Claims about(String model) {
        return new Claims(rows.stream().filter(claim -> claim.isAbout(model)).toList());
    }

    /**
     * Which of the claims that say the same of several models a run on this model is about: the one about this very
     * model, else the first that can be asked of any.
     *
     * @param family what their ids begin with, before a hyphen and the model
     */
    Optional<Claim> oneOf(String family, String model) {
        List<Claim> same = rows.stream().filter(claim -> claim.id().startsWith(family + "-")).toList();
        return same.stream()
                .filter(claim -> claim.isAbout(model))
                .findFirst()
                .or(() -> same.stream().filter(claim -> claim.effect().isPresent()).findFirst());
    }

    /**
     * The claims that a file of ids lists, one a line under the header {@code claim}, in this table's order: those
     * of {@code paper-tables/headlines.csv} are the ones that README shows.
     *
     * @throws InvalidInputException if the file lists something else, or a claim twice
     */
    public Claims listedIn(Path file) {
        Set<String> ids = new HashSet<>();
        for (Csv.Row row : Csv.read(file, List.of("claim"))) {
            if (find(row.text("claim")).isEmpty()) {
                throw row.fault("claim", "the id of a claim of claims.csv");
            }
            if (!ids.add(row.text("claim"))) {
                throw row.fault("claim", "each claim once");
            }
        }
        return new Claims(rows.stream().filter(claim -> ids.contains(claim.id())).toList());
    }

    /** The claim with this id. */
    public Optional<Claim> find(String id) {
        return rows.stream().filter(claim -> claim.id().equals(id)).findFirst();
    }

    /** The printed values with how each is judged, for readers. */
    public ResultTable table() {
        return ResultTable.of(Table.create("claims").addColumns(
                column("claim", Claim::sentence),
                column("printed in", claim -> claim.source() + ", " + claim.place()),
                column("model", Claim::modelName),
                column("text", Claim::text),
                column("paper", claim -> claim.printed().toPlainString()),
                column("reproduced if", Claim::criterion),
                column("effect on any model", claim -> claim.effect().map(Inequality::toString)
                        .orElse(CellFormat.MISSING))));
    }

    private StringColumn column(String name, Function<Claim, String> cell) {
        return StringColumn.create(name, rows.stream().map(cell));
    }

    private static Claim claim(Csv.Row row) {
        Comparison comparison = row.word("comparison", Comparison.class);
        double tolerance = row.number("tolerance");
        if (!(tolerance >= 0) || Double.isInfinite(tolerance)) {
            throw row.fault("tolerance", "a number of at least 0");
        }
        return new Claim(
                id(row),
                row.required("source"),
                row.required("place"),
                row.required("sentence"),
                printed(row, comparison),
                row.required("unit"),
                comparison,
                tolerance,
                row.required("reason"),
                effect(row),
                row.required("notebook"),
                row.required("model"),
                row.required("text"));
    }

    private static String id(Csv.Row row) {
        if (!row.text("id").matches("[a-z0-9]+(-[a-z0-9]+)*")) {
            throw row.fault("id", "lower-case words and digits joined by hyphens");
        }
        return row.text("id");
    }

    private static BigDecimal printed(Csv.Row row, Comparison comparison) {
        double value = row.number("printed");
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            throw row.fault("printed", "a finite number");
        }
        if (comparison == Comparison.LOG10 && value <= 0) {
            throw row.fault("printed", "a number above 0, as log10 compares it");
        }
        if (comparison == Comparison.RELATIVE && value == 0) {
            throw row.fault("printed", "a number other than 0, as it is compared relatively");
        }
        return new BigDecimal(row.text("printed"));
    }

    private static Optional<Inequality> effect(Csv.Row row) {
        String text = row.text("effect");
        if (text.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(Inequality.parse(text).orElseThrow(() ->
                row.fault("effect", "a bound such as \">= 10\" or nothing")));
    }
}
