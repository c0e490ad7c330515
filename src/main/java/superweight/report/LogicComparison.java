package superweight.report;

import java.util.List;
import java.util.stream.IntStream;
import superweight.measure.Accuracy;
import superweight.measure.Condition;
import superweight.measure.MinimalPair;
import superweight.measure.TaskItem;
import superweight.stats.Interval;
import superweight.stats.McNemar;
import superweight.stats.PairedBootstrap;
import superweight.stats.PermutationTest;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * What is left of a model's logic: minimal pairs under several conditions, each held against the first.
 *
 * <p>Right answers are counted; beside them stands what the cause moves, which needs fewer pairs to show.
 */
public record LogicComparison(List<Row> rows) {
    /** The least p-value that is put down to chance. */
    private static final double SIGNIFICANCE = 0.05;

    /** What the answers say about logic. */
    public enum Standing {
        /** Better than guessing, and not told apart from the original. */
        INTACT("intact"),
        /** Fewer right than the original's, more than by guessing. */
        IMPAIRED("impaired"),
        /** Fewer right than the original's, and not told apart from guessing. */
        BROKEN("broken"),
        /** Fewer right than by guessing: the opposite of what follows is likelier. */
        REVERSED("reversed"),
        /** The original cannot be told from guessing either. */
        NOTHING_TO_LOSE("nothing to lose"),
        /** Told apart neither from the original nor from guessing. */
        UNDECIDED("undecided");

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
            boolean aboveGuessing = changed.low() > 0.5;
            if (pValue >= SIGNIFICANCE) {
                return aboveGuessing ? INTACT : UNDECIDED;
            }
            return aboveGuessing ? IMPAIRED : BROKEN;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    /**
     * One condition.
     *
     * @param right share of right answers; like all of this by pair, since a word that a model likes whatever came before
     *     gives one right answer and one wrong one
     * @param change answers gained and lost against the first condition
     * @param pValue of a paired permutation test of the two being equally good
     * @param moved by the cause, in nats: how much further the right word is ahead than by the model's own liking for
     *     either, mean over pairs; 0 for a model that does not read the cause, below 0 for one that reverses it
     */
    public record Row(
            String condition, Interval right, McNemar change, double pValue, Interval moved, Standing standing) {}

    public LogicComparison {
        rows = List.copyOf(rows);
    }

    /**
     * Compares all conditions with the first, which is the original model.
     *
     * @param pairs what was asked, in this order
     * @param measured for each condition the answers to {@link MinimalPair#items}
     */
    public static LogicComparison of(
            List<MinimalPair> pairs, List<Condition> conditions, List<Accuracy> measured, PairedBootstrap bootstrap) {
        List<TaskItem> items = MinimalPair.items(pairs);
        double[] originalPairs = right(measured.get(0));
        Interval original = bootstrap.mean(originalPairs);
        return new LogicComparison(IntStream.range(0, conditions.size())
                .mapToObj(i -> {
                    double[] rightPairs = right(measured.get(i));
                    Interval right = bootstrap.mean(rightPairs);
                    double pValue = new PermutationTest(bootstrap.seed()).pValue(originalPairs, rightPairs);
                    return new Row(conditions.get(i).name(), right,
                            McNemar.of(measured.get(0).right(), measured.get(i).right()), pValue,
                            bootstrap.mean(moved(items, measured.get(i))), Standing.of(original, right, pValue));
                })
                .toList());
    }

    /** Of each pair, mean over its two contexts; what the model likes of a word, whatever came before, cancels. */
    private static double[] moved(List<TaskItem> items, Accuracy accuracy) {
        double[] margins = IntStream.range(0, items.size())
                .mapToDouble(i -> items.get(i).margin(accuracy.outcomes().get(i).scores()))
                .toArray();
        return IntStream.range(0, margins.length / 2)
                .mapToDouble(pair -> (margins[2 * pair] + margins[2 * pair + 1]) / 2)
                .toArray();
    }

    /** Of each pair the share of right answers: 0, a half or 1. */
    private static double[] right(Accuracy accuracy) {
        boolean[] right = accuracy.right();
        return IntStream.range(0, right.length / 2)
                .mapToDouble(pair -> ((right[2 * pair] ? 1 : 0) + (right[2 * pair + 1] ? 1 : 0)) / 2.0)
                .toArray();
    }

    public ResultTable table() {
        return ResultTable.of(Table.create("logic").addColumns(
                        StringColumn.create("condition", rows.stream().map(Row::condition)),
                        DoubleColumn.create("right, %", rows.stream().mapToDouble(row -> 100 * row.right.estimate())),
                        DoubleColumn.create("low", rows.stream().mapToDouble(row -> 100 * row.right.low())),
                        DoubleColumn.create("high", rows.stream().mapToDouble(row -> 100 * row.right.high())),
                        IntColumn.create("lost", rows.stream().mapToInt(row -> row.change.lost()).toArray()),
                        IntColumn.create("gained", rows.stream().mapToInt(row -> row.change.gained()).toArray()),
                        DoubleColumn.create("p", rows.stream().mapToDouble(row -> row.pValue)),
                        DoubleColumn.create("nats", rows.stream().mapToDouble(row -> row.moved.estimate())),
                        DoubleColumn.create("nats low", rows.stream().mapToDouble(row -> row.moved.low())),
                        DoubleColumn.create("nats high", rows.stream().mapToDouble(row -> row.moved.high())),
                        StringColumn.create("logic", rows.stream().map(row -> row.standing.toString()))))
                .format("right, %", CellFormat.fixed(1))
                .interval("95 % interval", "low", "high", CellFormat.fixed(1))
                .format("p", CellFormat.significantBetween(0.001, 2, 2))
                .format("nats", CellFormat.fixed(2))
                .interval("nats, 95 %", "nats low", "nats high", CellFormat.fixed(2));
    }
}
