package superweight.report;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import superweight.measure.ChannelLedger;
import superweight.measure.ChannelLedger.Entry;
import superweight.model.Coordinate;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * What each layer writes to one channel, mean over prompts.
 *
 * @param channel of the residual stream
 * @param lines one a layer
 */
public record LedgerTable(int channel, List<Line> lines) {
    /**
     * One layer.
     *
     * @param attention what attention adds
     * @param mlp what the MLP adds
     * @param product the largest product of an input and a weight in it, of whichever column
     * @param column the column that has it on most prompts
     * @param agreeing the share of the prompts on which that column has it
     * @param after the channel after the layer
     */
    public record Line(
            int layer, double attention, double mlp, double product, int column, double agreeing, double after) {}

    public LedgerTable {
        lines = List.copyOf(lines);
    }

    /** @param ledgers one a prompt */
    public static LedgerTable of(int channel, List<ChannelLedger> ledgers) {
        return new LedgerTable(channel, IntStream.range(0, ledgers.get(0).entries().size())
                .mapToObj(layer -> line(layer, ledgers.stream().map(each -> each.entries().get(layer)).toList()))
                .toList());
    }

    private static Line line(int layer, List<Entry> entries) {
        Map<Integer, Long> prompts =
                entries.stream().collect(Collectors.groupingBy(Entry::column, Collectors.counting()));
        int column = prompts.entrySet().stream()
                .max(Map.Entry.<Integer, Long>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                .orElseThrow()
                .getKey();
        return new Line(
                layer,
                mean(entries, Entry::attention),
                mean(entries, Entry::mlp),
                mean(entries, Entry::product),
                column,
                prompts.get(column) / (double) entries.size(),
                mean(entries, Entry::after));
    }

    private static double mean(List<Entry> entries, ToDoubleFunction<Entry> value) {
        return entries.stream().mapToDouble(value).average().orElseThrow();
    }

    /** The layers whose attention or MLP adds at least a share of the largest that the channel ever is. */
    public LedgerTable writingAtLeast(double share) {
        double least = share * lines.stream().mapToDouble(line -> Math.abs(line.after)).max().orElseThrow();
        return new LedgerTable(channel, lines.stream()
                .filter(line -> Math.max(Math.abs(line.attention), Math.abs(line.mlp)) >= least)
                .toList());
    }

    /** @param superWeights are marked as such */
    public ResultTable table(Collection<Coordinate> superWeights) {
        Function<Line, String> weight = line -> "[%d, %d]%s".formatted(
                channel,
                line.column,
                superWeights.contains(new Coordinate(line.layer, channel, line.column)) ? " super weight" : "");
        return ResultTable.of(Table.create("ledger").addColumns(
                        IntColumn.create("layer", lines.stream().mapToInt(Line::layer).toArray()),
                        column("attention adds", Line::attention),
                        column("MLP adds", Line::mlp),
                        column("of it, largest product", Line::product),
                        StringColumn.create("its weight", lines.stream().map(weight)),
                        column("on this share of prompts", Line::agreeing),
                        column("after the layer", Line::after)))
                .format("attention adds", CellFormat.fixed(1))
                .format("MLP adds", CellFormat.fixed(1))
                .format("of it, largest product", CellFormat.fixed(1))
                .format("on this share of prompts", CellFormat.fixed(2))
                .format("after the layer", CellFormat.fixed(1));
    }

    private DoubleColumn column(String name, ToDoubleFunction<Line> value) {
        return DoubleColumn.create(name, lines.stream().mapToDouble(value).toArray());
    }
}
