package superweight.report;

import java.util.List;
import java.util.stream.IntStream;
import superweight.measure.Accuracy;
import superweight.measure.Condition;
import superweight.stats.Interval;
import superweight.stats.McNemar;
import superweight.stats.PairedBootstrap;
import superweight.stats.Proportion;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** What is left of a model's logic: questions with two answers under several conditions, each held against the first. */
public record LogicComparison(List<Row> rows) {
    /** The least p-value that is put down to chance. */
    private static final double SIGNIFICANCE = 0.05;

    /** What the answers say about logic. */
    public enum Standing {
        /** Not told apart from the original, which is better than guessing. */
        INTACT("intact"),
        /** Fewer right than the original's, more than by guessing. */
        IMPAIRED("impaired"),
        /** Not told apart from guessing. */
        BROKEN("broken"),
        /** Fewer right than by guessing: the opposite of what follows is likelier. */
        REVERSED("reversed"),
        /** The original cannot be told from guessing either. */
        NOTHING_TO_LOSE("nothing to lose");

        private final String words;

        Standing(String words) {
            this.words = words;
        }

        /**
         * @param original share of right answers of the original model
         * @param changed the same of the changed one
         * @param pValue of the two being equally good
         */
        static Standing of(Interval original, Interval changed, double pValue) {
            if (changed.high() < 0.5) {
                return REVERSED;
            }
            if (original.low() <= 0.5) {
                return NOTHING_TO_LOSE;
            }
            if (pValue >= SIGNIFICANCE) {
                return INTACT;
            }
            return changed.low() > 0.5 ? IMPAIRED : BROKEN;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    /**
     * One condition.
     *
     * @param right share of right answers, with Wilson's interval
     * @param change answers gained and lost against the first condition
     */
    public record Row(String condition, Interval right, McNemar change, Standing standing) {}

    public LogicComparison {
        rows = List.copyOf(rows);
    }

    /** Compares all conditions with the first, which is the original model. */
    public static LogicComparison of(List<Condition> conditions, List<Accuracy> measured) {
        Interval original = right(measured.get(0));
        return new LogicComparison(IntStream.range(0, conditions.size())
                .mapToObj(i -> {
                    McNemar change = McNemar.of(measured.get(0).right(), measured.get(i).right());
                    Interval right = right(measured.get(i));
                    return new Row(conditions.get(i).name(), right, change,
                            Standing.of(original, right, change.pValue()));
                })
                .toList());
    }

    private static Interval right(Accuracy accuracy) {
        int right = 0;
        for (boolean each : accuracy.right()) {
            right += each ? 1 : 0;
        }
        return new Proportion(right, accuracy.items()).interval(PairedBootstrap.LEVEL);
    }

    public ResultTable table() {
        return ResultTable.of(Table.create("logic").addColumns(
                        StringColumn.create("condition", rows.stream().map(Row::condition)),
                        DoubleColumn.create("right, %", rows.stream().mapToDouble(row -> 100 * row.right.estimate())),
                        DoubleColumn.create("low", rows.stream().mapToDouble(row -> 100 * row.right.low())),
                        DoubleColumn.create("high", rows.stream().mapToDouble(row -> 100 * row.right.high())),
                        IntColumn.create("lost", rows.stream().mapToInt(row -> row.change.lost()).toArray()),
                        IntColumn.create("gained", rows.stream().mapToInt(row -> row.change.gained()).toArray()),
                        DoubleColumn.create("McNemar p", rows.stream().mapToDouble(row -> row.change.pValue())),
                        StringColumn.create("logic", rows.stream().map(row -> row.standing.toString()))))
                .format("right, %", CellFormat.fixed(1))
                .interval("95 % interval", "low", "high", CellFormat.fixed(1))
                .format("McNemar p", CellFormat.significantBetween(0.001, 1, 2));
    }
}
