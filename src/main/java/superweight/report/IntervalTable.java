package superweight.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import superweight.stats.Interval;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * A table with one row for each of several things, such as conditions, and columns of numbers and of estimates with
 * their 95 % intervals.
 *
 * @param <R> what a row is about
 */
public final class IntervalTable<R> {
    /** Adds to a table what one quantity takes. */
    private interface Quantity<R> {
        List<DoubleColumn> columns(List<R> rows);

        ResultTable publish(ResultTable table);
    }

    private final String header;
    private final Function<R, String> name;
    private final List<R> rows;
    private final List<Quantity<R>> quantities;

    private IntervalTable(String header, Function<R, String> name, List<R> rows, List<Quantity<R>> quantities) {
        this.header = header;
        this.name = name;
        this.rows = List.copyOf(rows);
        this.quantities = List.copyOf(quantities);
    }

    /** @param header of the column that says what each row is about */
    public static <R> IntervalTable<R> of(String header, List<R> rows, Function<R, String> name) {
        return new IntervalTable<>(header, name, rows, List.of());
    }

    /** The same with one more column of numbers; NaN is published as missing. */
    public IntervalTable<R> number(String quantity, CellFormat format, ToDoubleFunction<R> value) {
        return with(new Quantity<>() {
            @Override
            public List<DoubleColumn> columns(List<R> rows) {
                return List.of(column(quantity, rows, value));
            }

            @Override
            public ResultTable publish(ResultTable table) {
                return table.format(quantity, format);
            }
        });
    }

    /** The same with one more column of estimates, and one of their intervals beside it. */
    public IntervalTable<R> interval(String quantity, CellFormat format, Function<R, Interval> value) {
        String low = quantity + ", low";
        String high = quantity + ", high";
        return with(new Quantity<>() {
            @Override
            public List<DoubleColumn> columns(List<R> rows) {
                return List.of(
                        column(quantity, rows, row -> value.apply(row).estimate()),
                        column(low, rows, row -> value.apply(row).low()),
                        column(high, rows, row -> value.apply(row).high()));
            }

            @Override
            public ResultTable publish(ResultTable table) {
                return table.format(quantity, format).interval(quantity + ", 95 %", low, high, format);
            }
        });
    }

    public ResultTable table() {
        Table data = Table.create("results").addColumns(StringColumn.create(header, rows.stream().map(name)));
        quantities.forEach(quantity -> data.addColumns(quantity.columns(rows).toArray(DoubleColumn[]::new)));
        ResultTable table = ResultTable.of(data);
        for (Quantity<R> quantity : quantities) {
            table = quantity.publish(table);
        }
        return table;
    }

    private IntervalTable<R> with(Quantity<R> quantity) {
        List<Quantity<R>> more = new ArrayList<>(quantities);
        more.add(quantity);
        return new IntervalTable<>(header, name, rows, more);
    }

    private static <R> DoubleColumn column(String name, List<R> rows, ToDoubleFunction<R> value) {
        return DoubleColumn.create(name, rows.stream().mapToDouble(value).toArray());
    }
}
