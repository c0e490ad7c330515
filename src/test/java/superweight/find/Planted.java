package superweight.find;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import superweight.Progress;
import superweight.checkpoint.RandomLlama;
import superweight.model.CausalLM;
import superweight.model.Coordinate;
import superweight.model.HookPoint.Site;
import superweight.model.HookPoint;
import superweight.model.LinearLayer;

/** Tiny random models with single weights of down_proj made so large that they are super weights. */
public final class Planted {
    static final int HIDDEN = 24;
    static final int INTERMEDIATE = 40;

    /** What the weights are planted for. */
    public static final String PROMPT = "the man bids";

    /** Its token ids; the tokenizer writes a space as \u0120. */
    static final int[] IDS = Stream.of("th", "e", "\u0120", "m", "an", "\u0120", "b", "i", "d", "s")
            .mapToInt(RandomLlama.TOKENS::indexOf)
            .toArray();

    private Planted() {}

    public static RandomLlama random(int layers, long seed) {
        return RandomLlama.of(RandomLlama.config(layers, HIDDEN, INTERMEDIATE, 2, 8, true), seed);
    }

    /**
     * The model with one weight of down_proj set so that its product with its input has a stated size.
     * Several weights are planted one after the other, earlier layers first.
     *
     * @param times the product on the prompt, at the token where the input is largest, over the median
     *     magnitude of the layer's outputs in the model as it was
     */
    public static RandomLlama plant(RandomLlama model, Coordinate at, double times) {
        Activations layer = Activations.of(model, at.layer());
        double product = times * Activations.median(layer.output);
        return set(model, at, product / layer.input(layer.peak(at.column()), at.column()));
    }

    /** In a row of a layer, the place whose product can be largest where the residual stream is largest. */
    public static Coordinate atTheSuperActivation(RandomLlama model, int layer, int row, int channel) {
        Activations seen = Activations.of(model, layer);
        return new Coordinate(layer, row, seen.columnOfPeak(Activations.largest(seen.stream, HIDDEN, channel)));
    }

    /**
     * The model with one weight of down_proj set so that its product is a share of the residual stream in a
     * channel, at the token where that is largest; below 0 it is against the stream.
     */
    public static RandomLlama plantShare(RandomLlama model, Coordinate at, int channel, double share) {
        Activations layer = Activations.of(model, at.layer());
        int token = Activations.largest(layer.stream, HIDDEN, channel);
        double product = share * layer.stream[token * HIDDEN + channel];
        return set(model, at, product / layer.input(token, at.column()));
    }

    /** The model with one weight of down_proj set to a value. */
    public static RandomLlama set(RandomLlama model, Coordinate at, double value) {
        String name = LinearLayer.DOWN_PROJ.weightName(at.layer());
        float[] weights = model.weights().get(name).clone();
        weights[at.row() * INTERMEDIATE + at.column()] = (float) value;
        return model.with(name, weights);
    }

    /** The default search of the whole model on {@link #IDS}. */
    static Findings search(RandomLlama planted) {
        try (CausalLM model = planted.load()) {
            return SuperWeightFinder.of(model).find(IDS, Progress.NONE);
        }
    }

    /**
     * What goes into a layer's down_proj and what comes out of it, on {@link #IDS}.
     *
     * @param input {@code [T, intermediate]}
     * @param output {@code [T, hidden]}
     * @param stream the residual stream that the output is added to, {@code [T, hidden]}
     * @param after the residual stream after that, {@code [T, hidden]}
     */
    record Activations(float[] input, float[] output, float[] stream, float[] after) {
        static Activations of(RandomLlama checkpoint, int layer) {
            try (CausalLM model = checkpoint.load()) {
                return of(model, layer);
            }
        }

        static Activations of(CausalLM model, int layer) {
            Site[] sites = {Site.MLP_POST, Site.MLP_OUT, Site.RESID_MID, Site.RESID_POST};
            float[][] seen = new float[sites.length][];
            model.read(IDS, layer + 1, List.of(), (sequence, point, activation) -> {
                for (int i = 0; i < sites.length; i++) {
                    seen[i] = point.equals(new HookPoint(layer, sites[i])) ? activation.toFloatArray() : seen[i];
                }
            });
            return new Activations(seen[0], seen[1], seen[2], seen[3]);
        }

        float input(int token, int column) {
            return input[token * INTERMEDIATE + column];
        }

        /** The input channel that is largest, or nearest to its largest, at a token. */
        int columnOfPeak(int token) {
            return IntStream.range(0, INTERMEDIATE)
                    .boxed()
                    .max(Comparator.comparingDouble(
                            column -> Math.abs(input(token, column) / input(peak(column), column))))
                    .orElseThrow();
        }

        /** The token at which an input channel is largest. */
        int peak(int column) {
            return largest(input, INTERMEDIATE, column);
        }

        /** The token at which a channel is of largest magnitude. */
        static int largest(float[] activations, int channels, int channel) {
            int largest = 0;
            for (int token = 1; token < IDS.length; token++) {
                boolean larger = Math.abs(activations[token * channels + channel])
                        > Math.abs(activations[largest * channels + channel]);
                largest = larger ? token : largest;
            }
            return largest;
        }

        /** The median magnitude, from the definition: as many are below as above. */
        static double median(float[] activations) {
            double[] sorted = new double[activations.length];
            Arrays.setAll(sorted, i -> Math.abs(activations[i]));
            Arrays.sort(sorted);
            return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
        }
    }
}
