package superweight.find;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import superweight.model.ActivationReader;
import superweight.model.CausalLM;
import superweight.model.HookPoint;
import superweight.model.HookPoint.Site;
import superweight.model.Intervention;

/**
 * What one forward pass shows of every down_proj and of the residual stream.
 *
 * @param layers one entry per layer that was run
 * @param stream the residual stream at the end of the early layers
 */
record Observation(List<Layer> layers, Stream stream) {
    /**
     * One layer.
     *
     * @param spikes of down_proj's output: the channels that spike, and the largest in any case; the
     *     largest comes first
     */
    record Layer(LayerProfile profile, List<OutputSpike> spikes) {}

    /**
     * The largest activation of one channel of down_proj's output.
     *
     * @param input of down_proj at the same token, {@code [intermediate]}
     * @param streamBefore the residual stream that it is added to
     */
    record OutputSpike(Spike spike, float[] input, float streamBefore) {}

    /**
     * The residual stream after one layer.
     *
     * @param values {@code [T, channels]}
     * @param tokens of each channel, the one at which it is of largest magnitude, {@code [channels]}
     */
    record Stream(float[] values, int[] tokens) {
        static Stream of(float[] values, int channels) {
            return new Stream(values, largestTokens(values, channels));
        }

        int channels() {
            return tokens.length;
        }

        float at(int token, int channel) {
            return values[token * tokens.length + channel];
        }

        /** The channel's value of largest magnitude. */
        float peak(int channel) {
            return at(tokens[channel], channel);
        }

        /** The largest magnitude of all. */
        double largest() {
            return IntStream.range(0, tokens.length).mapToDouble(channel -> Math.abs(peak(channel))).max().orElse(0);
        }
    }

    /**
     * Runs the model once.
     *
     * @param last the last layer to run
     * @param lastEarly the last early layer, at most {@code last}
     * @param threshold how many times the layer's median magnitude makes a spike
     * @throws ArithmeticException if an activation is not a finite number
     */
    static Observation of(
            CausalLM model,
            int[] ids,
            int last,
            int lastEarly,
            double threshold,
            List<Intervention> interventions) {
        Reader reader = new Reader(lastEarly, threshold);
        model.read(ids, last + 1, interventions, reader);
        return new Observation(List.copyOf(reader.seen), reader.stream);
    }

    /** The residual stream after one layer; no later one is run. */
    static Stream stream(CausalLM model, int[] ids, int layer, List<Intervention> interventions) {
        List<Stream> seen = new ArrayList<>();
        model.read(ids, layer + 1, interventions, (sequence, point, activation) -> {
            if (point.equals(new HookPoint(layer, Site.RESID_POST))) {
                int channels = Math.toIntExact(activation.getShape().get(1));
                seen.add(Stream.of(finite(activation.toFloatArray(), layer), channels));
            }
        });
        return seen.get(0);
    }

    /** Numbers that are none compare with nothing: the search would say that there is nothing to find. */
    private static float[] finite(float[] activations, int layer) {
        for (float activation : activations) {
            if (!Float.isFinite(activation)) {
                throw new ArithmeticException("The activations of layer " + layer
                        + " are not all finite numbers: there the model leaves the range of float32.");
            }
        }
        return activations;
    }

    /** Of each channel, the token with the largest magnitude: {@code [T, channels]} to {@code [channels]}. */
    private static int[] largestTokens(float[] activations, int channels) {
        int[] tokens = new int[channels];
        for (int i = 0; i < activations.length; i++) {
            int channel = i % channels;
            boolean larger = Math.abs(activations[i]) > Math.abs(activations[tokens[channel] * channels + channel]);
            tokens[channel] = larger ? i / channels : tokens[channel];
        }
        return tokens;
    }

    /** Keeps a layer's activations until its last one has been made. */
    private static final class Reader implements ActivationReader {
        private final int lastEarly;
        private final double threshold;
        private final List<Layer> seen = new ArrayList<>();
        private Stream stream = new Stream(new float[0], new int[0]);
        private float[] input = {}; // of down_proj, [T, intermediate]
        private float[] output = {}; // of down_proj, [T, hidden]

        Reader(int lastEarly, double threshold) {
            this.lastEarly = lastEarly;
            this.threshold = threshold;
        }

        @Override
        public void read(int sequence, HookPoint point, NDArray activation) {
            if (point.site() == Site.MLP_POST) {
                input = activation.toFloatArray();
            } else if (point.site() == Site.MLP_OUT) {
                output = activation.toFloatArray();
            } else if (point.site() == Site.RESID_POST) {
                int hidden = Math.toIntExact(activation.getShape().get(1));
                float[] after = finite(activation.toFloatArray(), point.layer()); // [T, hidden]
                seen.add(layer(point.layer(), after, hidden));
                if (point.layer() == lastEarly) {
                    stream = Stream.of(after, hidden);
                }
            }
        }

        private Layer layer(int layer, float[] after, int hidden) {
            int width = input.length / (after.length / hidden);
            Spike largest = Spike.of(output, hidden);
            double median = Spike.median(output);
            int[] tokens = largestTokens(output, hidden);
            List<OutputSpike> spikes = IntStream.range(0, hidden)
                    .mapToObj(channel -> spike(tokens[channel], channel, hidden, median))
                    .filter(spike -> spike.timesMedian() >= threshold || spike.channel() == largest.channel())
                    .sorted((a, b) -> Float.compare(Math.abs(b.value()), Math.abs(a.value())))
                    .map(spike -> new OutputSpike(
                            spike,
                            Arrays.copyOfRange(input, spike.token() * width, (spike.token() + 1) * width),
                            after[spike.token() * hidden + spike.channel()] - spike.value()))
                    .toList();
            return new Layer(new LayerProfile(layer, Spike.of(input, width), largest), spikes);
        }

        private Spike spike(int token, int channel, int hidden, double median) {
            float value = output[token * hidden + channel];
            return new Spike(token, channel, value, Math.abs(value) / median);
        }
    }
}
