package superweight.measure;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import superweight.Progress;
import superweight.model.CausalLM;
import superweight.model.HookPoint.Site;

/**
 * The residual stream on its way through the layers on one text: its largest activation (paper Figure 4), and one
 * channel of it.
 *
 * @param layers one entry per decoder layer
 */
public record ActivationTrace(List<Layer> layers) {
    /**
     * The residual stream after one layer.
     *
     * @param largest the activation of largest magnitude over all tokens and channels
     * @param channel one channel's values, {@code [T]}
     * @param rest the Euclidean norm of all other channels of each token, {@code [T]}
     */
    public record Layer(Peak largest, float[] channel, double[] rest) {
        /** @param stream {@code [T, channels]} */
        static Layer of(NDArray stream, int channel) {
            float[] values = stream.toFloatArray();
            int channels = Math.toIntExact(stream.getShape().get(1));
            float[] one = new float[values.length / channels];
            double[] rest = new double[one.length];
            for (int token = 0; token < one.length; token++) {
                one[token] = values[token * channels + channel];
                rest[token] = Math.sqrt(IntStream.range(token * channels, (token + 1) * channels)
                        .filter(i -> i % channels != channel)
                        .mapToDouble(i -> (double) values[i] * values[i])
                        .sum());
            }
            int at = Activations.largest(values);
            return new Layer(new Peak(at / channels, at % channels, values[at]), one, rest);
        }
    }

    /** An activation and its place. */
    public record Peak(int token, int channel, float value) {}

    public ActivationTrace {
        layers = List.copyOf(layers);
    }

    /** The largest magnitude after each layer: a curve of Figure 4. */
    public double[] largest() {
        return layers.stream().mapToDouble(layer -> Math.abs(layer.largest.value)).toArray();
    }

    /** The largest magnitude of the channel after each layer, whichever token it is on. */
    public double[] largestInChannel() {
        return layers.stream()
                .mapToDouble(layer -> Math.abs(layer.channel[Activations.largest(layer.channel)]))
                .toArray();
    }

    /** The channel on one token after each layer, with its sign. */
    public double[] channelAt(int token) {
        return layers.stream().mapToDouble(layer -> layer.channel[token]).toArray();
    }

    /** The norm of the other channels of one token after each layer. */
    public double[] restOf(int token) {
        return layers.stream().mapToDouble(layer -> layer.rest[token]).toArray();
    }

    /**
     * How many times the rest of its token the channel is after each layer: its magnitude over the norm of the token's
     * other channels. The RMSNorm through which later layers read the stream divides by the norm of the whole token, so
     * this is what they see of the channel, while its size is not.
     */
    public double[] timesTheRest(int token) {
        return layers.stream().mapToDouble(layer -> Math.abs(layer.channel[token]) / layer.rest[token]).toArray();
    }

    /**
     * Traces several conditions on the same texts.
     *
     * @param texts token ids, of at least one token each
     * @param channel the channel of the residual stream to follow
     * @return for each condition, in their order, one trace a text
     */
    public static List<List<ActivationTrace>> measureAll(
            CausalLM model, List<int[]> texts, List<Condition> conditions, int channel, Progress progress) {
        List<Text> followed = texts.stream().map(ids -> new Text(ids, channel)).toList();
        return Batches.measureAll(model, followed, text -> text.ids.length, conditions, ActivationTrace.class, progress,
                (batch, some, part) -> measureBatch(model, batch, some, part));
    }

    private record Text(int[] ids, int channel) {}

    private static List<ActivationTrace> measureBatch(
            CausalLM model, List<Text> texts, List<Condition> conditions, Progress progress) {
        int layers = model.config().numHiddenLayers();
        Layer[][] seen = new Layer[conditions.size() * texts.size()][layers];
        List<int[]> ids = texts.stream().map(Text::ids).toList();
        Activations.read(model, ids, layers, conditions, Set.of(Site.RESID_POST), progress,
                (condition, text, point, stream) -> seen[condition * texts.size() + text][point.layer()] =
                        Layer.of(stream, texts.get(text).channel));
        return Arrays.stream(seen).map(List::of).map(ActivationTrace::new).toList();
    }
}
