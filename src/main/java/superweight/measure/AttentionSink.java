package superweight.measure;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import superweight.InvalidInputException;
import superweight.Progress;
import superweight.model.CausalLM;
import superweight.model.HookPoint.Site;

/**
 * How much attention the first token of a text draws, the attention sink (paper appendix A.5): the share of their
 * attention that the tokens after it spend on it, mean over these and over the heads of a layer.
 *
 * @param tokens how many the text has
 * @param layers the share in each decoder layer, from 0 to 1
 */
public record AttentionSink(int tokens, List<Double> layers) {
    public AttentionSink {
        layers = List.copyOf(layers);
    }

    /** The share in each layer, as a curve. */
    public double[] curve() {
        return layers.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** The share in the layers from one on, mean over these. */
    public double from(int layer) {
        return layers.stream().skip(layer).mapToDouble(Double::doubleValue).average().orElseThrow();
    }

    /** The share that the first token would draw if every token spread its attention evenly over what it sees. */
    public double even() {
        return IntStream.range(1, tokens).mapToDouble(query -> 1.0 / (query + 1)).average().orElseThrow();
    }

    /**
     * Measures several conditions on the same texts. Memory grows with the square of a text's length.
     *
     * @param texts token ids, of at least two tokens each
     * @return for each condition, in their order, one entry a text
     * @throws InvalidInputException if a text is shorter
     */
    public static List<List<AttentionSink>> measureAll(
            CausalLM model, List<int[]> texts, List<Condition> conditions, Progress progress) {
        if (texts.stream().anyMatch(ids -> ids.length < 2)) {
            throw new InvalidInputException("Attention to the first token is measured on texts of at least 2 tokens,"
                    + " but one has fewer.");
        }
        return Batches.measureAll(model, texts, ids -> ids.length, conditions, AttentionSink.class, progress,
                (batch, some, part) -> measureBatch(model, batch, some, part));
    }

    private static List<AttentionSink> measureBatch(
            CausalLM model, List<int[]> texts, List<Condition> conditions, Progress progress) {
        int layers = model.config().numHiddenLayers();
        double[][][] share = new double[conditions.size()][texts.size()][layers];
        Activations.read(model, texts, layers, conditions, Set.of(Site.PATTERN), progress,
                (condition, text, point, pattern) -> share[condition][text][point.layer()] = toTheFirst(pattern));
        return Arrays.stream(share)
                .flatMap(each -> IntStream.range(0, texts.size()).mapToObj(text -> new AttentionSink(
                        texts.get(text).length, Arrays.stream(each[text]).boxed().toList())))
                .toList();
    }

    /** @param pattern {@code [heads, T, T]} */
    private static double toTheFirst(NDArray pattern) {
        try (NDArray first = pattern.get(new NDIndex(":, 1:, 0"))) { // [heads, T - 1]
            float[] shares = first.toFloatArray();
            return IntStream.range(0, shares.length).mapToDouble(i -> shares[i]).average().orElseThrow();
        }
    }
}
