package superweight.cli;

import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import superweight.checkpoint.ModelConfig;
import superweight.measure.Perplexity;
import superweight.quantize.LinearLayers;
import superweight.quantize.Quantizer;

/**
 * What {@code superweight blocks} prints.
 *
 * @param original of the model as it is
 * @param points one a block size, in the order they were given
 * @param extent how much text was scored, in words
 */
record BlocksReport(double original, List<Point> points, String extent) {
    /**
     * One block size; its fields are the JSON document's.
     *
     * @param block a number of weights, or {@code "tensor"}
     * @param clip as it was typed
     * @param perplexity null where the model leaves the range of float32
     * @param bitsPerWeight with a block's step and smallest weight at 16 bits each
     */
    record Point(int bits, JsonPrimitive block, String clip, double perplexity, double bitsPerWeight) {}

    /** The JSON document. */
    record Document(List<Point> points, double original, Subject of) {}

    /**
     * @param measured of the model as it is, then one a block size, all on the same windows
     */
    static BlocksReport of(
            int bits,
            ClipOption clip,
            List<BlockOption> sizes,
            List<Quantizer> quantizers,
            ModelConfig config,
            List<Perplexity> measured) {
        Perplexity original = measured.get(0).requireFinite();
        return new BlocksReport(
                original.value(),
                IntStream.range(0, sizes.size())
                        .mapToObj(i -> new Point(
                                bits,
                                sizes.get(i).json(),
                                clip.typed(),
                                measured.get(i + 1).value(),
                                LinearLayers.bitsPerWeight(config, quantizers.get(i))))
                        .toList(),
                "%d tokens in %d windows of %d".formatted(original.tokens(), original.windows(), original.window()));
    }

    /** @param of what was measured */
    Document document(Subject of) {
        return new Document(points, original, of);
    }

    /** The report for a person. */
    String lines() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("block", "bits per weight", "perplexity", "x original"));
        rows.add(List.of("original", "", TerminalTable.perplexity(original), "1.0000"));
        points.forEach(point -> rows.add(List.of(
                point.block.getAsString(),
                String.format(Locale.ROOT, "%.4f", point.bitsPerWeight),
                TerminalTable.perplexity(point.perplexity),
                TerminalTable.perplexity(point.perplexity / original))));
        return TerminalTable.aligned(rows) + "\nover " + extent;
    }
}
