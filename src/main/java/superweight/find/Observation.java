package superweight.find;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import superweight.model.HookPoint;
import superweight.model.HookPoint.Site;

/** What one run shows of every down_proj and of the residual stream on its walk through the layers. */
final class Observation {
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
        static final Stream NONE = new Stream(new float[0], new int[0]);

        /**
         * @param activation {@code [T, channels]}
         * @param layer after which it is
         * @throws ArithmeticException if an activation is not a finite number
         */
        static Stream of(NDArray activation, int layer) {
            float[] values = finite(activation.toFloatArray(), layer);
            return new Stream(values, largestTokens(values, Math.toIntExact(activation.getShape().get(1))));
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

    private final int lastEarly;
    private final double threshold;
    private final List<Layer> layers = new ArrayList<>();
    private Stream stream = Stream.NONE;
    private float[] input = {}; // of the last down_proj, [T, intermediate]
    private float[] output = {}; // of the last down_proj, [T, hidden]
    private Stream after = Stream.NONE; // the last layer

    /**
     * @param lastEarly the layer after which the stream is kept
     * @param threshold how many times the layer's median magnitude makes a spike
     */
    Observation(int lastEarly, double threshold) {
        this.lastEarly = lastEarly;
        this.threshold = threshold;
    }

    /** One entry per layer that was run. */
    List<Layer> layers() {
        return layers;
    }

    /** The largest activations around the down_proj of some layers. */
    List<LayerProfile> profile(LayerRange range) {
        return layers.stream().map(Layer::profile).filter(profile -> range.contains(profile.layer())).toList();
    }

    /** The layer that was run last. */
    Layer lastLayer() {
        return layers.get(layers.size() - 1);
    }

    /** The residual stream at the end of the early layers. */
    Stream stream() {
        return stream;
    }

    /**
     * Takes the activations of a layer in their order.
     *
     * @throws ArithmeticException if an activation is not a finite number
     */
    void read(HookPoint point, NDArray activation) {
        if (point.site() == Site.MLP_POST) {
            input = activation.toFloatArray();
        } else if (point.site() == Site.MLP_OUT) {
            output = activation.toFloatArray();
        } else if (point.site() == Site.RESID_POST) {
            after = Stream.of(activation, point.layer());
            stream = point.layer() == lastEarly ? after : stream;
            layers.add(layer(point.layer()));
        }
    }

    /** One output channel of the layer that was run last, whether or not it spikes. */
    OutputSpike channel(int channel) {
        return outputSpike(spike(largestTokens(output, after.channels())[channel], channel, Spike.median(output)));
    }

    private Layer layer(int layer) {
        int hidden = after.channels();
        double median = Spike.median(output);
        Spike largest = Spike.of(output, hidden, median);
        int[] tokens = largestTokens(output, hidden);
        List<OutputSpike> spikes = IntStream.range(0, hidden)
                .mapToObj(channel -> spike(tokens[channel], channel, median))
                .filter(spike -> spike.timesMedian() >= threshold || spike.channel() == largest.channel())
                .sorted((a, b) -> Float.compare(Math.abs(b.value()), Math.abs(a.value())))
                .map(this::outputSpike)
                .toList();
        return new Layer(new LayerProfile(layer, Spike.of(input, inputWidth()), largest), spikes);
    }

    private Spike spike(int token, int channel, double median) {
        float value = output[token * after.channels() + channel];
        return new Spike(token, channel, value, Math.abs(value) / median);
    }

    private OutputSpike outputSpike(Spike spike) {
        int width = inputWidth();
        return new OutputSpike(
                spike,
                Arrays.copyOfRange(input, spike.token() * width, (spike.token() + 1) * width),
                after.at(spike.token(), spike.channel()) - spike.value());
    }

    private int inputWidth() {
        return input.length / (output.length / after.channels());
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
}
