package superweight.report;

import java.util.List;
import java.util.stream.IntStream;
import superweight.measure.AttentionSink;
import superweight.stats.Interval;
import superweight.stats.PairedBootstrap;

/** The attention that first tokens draw under several conditions (paper appendix A.5). */
public record SinkComparison(List<Row> rows) {
    /**
     * One condition.
     *
     * @param drawn share of attention that the first token draws, mean over layers and prompts
     * @param kept what it draws above even attention, over what it so draws in the original model
     */
    public record Row(String condition, Interval drawn, Interval kept) {}

    public SinkComparison {
        rows = List.copyOf(rows);
    }

    /**
     * Compares all conditions with the first, which is the original model.
     *
     * @param conditions their names
     * @param sinks for each condition, one measurement a prompt
     * @param from the first layer that counts
     */
    public static SinkComparison of(
            List<String> conditions, List<List<AttentionSink>> sinks, int from, PairedBootstrap bootstrap) {
        double[] original = aboveEven(sinks.get(0), from);
        return new SinkComparison(IntStream.range(0, conditions.size())
                .mapToObj(i -> new Row(
                        conditions.get(i),
                        bootstrap.mean(sinks.get(i).stream().mapToDouble(sink -> sink.from(from)).toArray()),
                        bootstrap.ratioOfMeans(original, aboveEven(sinks.get(i), from))))
                .toList());
    }

    private static double[] aboveEven(List<AttentionSink> sinks, int from) {
        return sinks.stream().mapToDouble(sink -> sink.from(from) - sink.even()).toArray();
    }

    public ResultTable table() {
        return IntervalTable.of("condition", rows, Row::condition)
                .interval("share drawn", CellFormat.fixed(3), Row::drawn)
                .interval("kept of it above even attention", CellFormat.fixed(3), Row::kept)
                .table();
    }
}
