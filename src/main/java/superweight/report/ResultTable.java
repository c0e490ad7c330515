package superweight.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import superweight.report.Grid.Align;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.FloatColumn;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/**
 * A table of results: tablesaw's rows with the way each column of numbers is published.
 *
 * <p>Markdown and LaTeX show the columns as formatted; CSV carries every column of the tablesaw
 * table with all its digits. tablesaw itself never formats a number: it would write E notation.
 */
public final class ResultTable {
    /** A column of the published table, made from one or more columns of the data. */
    private sealed interface View {
        record Plain(String name, CellFormat format) implements View {}

        record Range(String header, String low, String high, CellFormat format) implements View {}

        record WithError(String header, String value, String error, CellFormat format) implements View {}
    }

    private final Table data;
    private final Map<String, View> views;

    private ResultTable(Table data, Map<String, View> views) {
        this.data = data;
        this.views = views;
    }

    /** Every column as it is; numbers with fractions to five significant digits until told otherwise. */
    public static ResultTable of(Table data) {
        Map<String, View> views = new LinkedHashMap<>();
        for (Column<?> column : data.columns()) {
            views.put(column.name(), new View.Plain(column.name(), CellFormat.significant(5)));
        }
        return new ResultTable(data.copy(), views);
    }

    /** Publishes a column of numbers in this format. */
    public ResultTable format(String column, CellFormat format) {
        data.numberColumn(column);
        Map<String, View> changed = new LinkedHashMap<>(views);
        changed.replace(column, new View.Plain(column, format));
        return new ResultTable(data, changed);
    }

    /** Publishes two columns as one, "[low, high]", under a header of its own; CSV keeps both. */
    public ResultTable interval(String header, String low, String high, CellFormat format) {
        return joined(low, high, header, new View.Range(header, low, high, format));
    }

    /** Publishes two columns as one, "value ± error", under a header of its own; CSV keeps both. */
    public ResultTable plusMinus(String header, String value, String error, CellFormat format) {
        return joined(value, error, header, new View.WithError(header, value, error, format));
    }

    private ResultTable joined(String first, String second, String header, View view) {
        data.numberColumn(first);
        data.numberColumn(second);
        Map<String, View> changed = new LinkedHashMap<>();
        views.forEach((name, before) -> {
            if (name.equals(first)) {
                changed.put(header, view);
            } else if (!name.equals(second)) {
                changed.put(name, before);
            }
        });
        return new ResultTable(data, changed);
    }

    /** The rows as tablesaw has them. */
    public Table data() {
        return data.copy();
    }

    public String markdown() {
        return grid().markdown();
    }

    /** A LaTeX tabular with booktabs' rules. */
    public String latex() {
        return grid().latex();
    }

    public String html() {
        return grid().html();
    }

    /** All columns of the data, numbers exact, missing ones empty. */
    public String csv() {
        List<List<String>> rows = IntStream.range(0, data.rowCount())
                .mapToObj(row -> data.columns().stream().map(column -> exact(column, row)).toList())
                .toList();
        return Csv.write(data.columnNames(), rows);
    }

    Grid grid() {
        List<Grid.Column> columns = new ArrayList<>();
        views.forEach((header, view) -> columns.add(new Grid.Column(header, align(view))));
        List<List<String>> rows = IntStream.range(0, data.rowCount())
                .mapToObj(row -> views.values().stream().map(view -> shown(view, row)).toList())
                .toList();
        return new Grid(columns, rows);
    }

    private Align align(View view) {
        if (view instanceof View.Plain plain) {
            return data.column(plain.name()) instanceof NumericColumn<?> ? Align.RIGHT : Align.LEFT;
        }
        return Align.RIGHT;
    }

    private String shown(View view, int row) {
        if (view instanceof View.Range range) {
            NumericColumn<?> low = data.numberColumn(range.low());
            NumericColumn<?> high = data.numberColumn(range.high());
            return low.isMissing(row) || high.isMissing(row) ? CellFormat.MISSING
                    : "[%s, %s]".formatted(range.format().format(low.getDouble(row)),
                            range.format().format(high.getDouble(row)));
        }
        if (view instanceof View.WithError sum) {
            String value = sum.format().format(data.numberColumn(sum.value()).getDouble(row));
            NumericColumn<?> error = data.numberColumn(sum.error());
            return error.isMissing(row) ? value
                    : "%s ± %s".formatted(value, sum.format().format(error.getDouble(row)));
        }
        View.Plain plain = (View.Plain) view;
        Column<?> column = data.column(plain.name());
        if (column.isMissing(row)) {
            return CellFormat.MISSING;
        }
        return fractional(column)
                ? plain.format().format(((NumericColumn<?>) column).getDouble(row))
                : String.valueOf(column.get(row));
    }

    private static String exact(Column<?> column, int row) {
        if (column.isMissing(row)) {
            return "";
        }
        return fractional(column)
                ? Csv.exact(((NumericColumn<?>) column).getDouble(row))
                : String.valueOf(column.get(row));
    }

    private static boolean fractional(Column<?> column) {
        return column instanceof DoubleColumn
                || column instanceof FloatColumn;
    }
}
