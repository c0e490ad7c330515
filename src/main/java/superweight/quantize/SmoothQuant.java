package superweight.quantize;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import superweight.InvalidInputException;
import superweight.measure.ChannelMaxima;
import superweight.model.CausalLM;
import superweight.model.HookPoint;
import superweight.model.HookPoint.Site;
import superweight.model.Intervention;
import superweight.model.Intervention.MapInput;
import superweight.model.Intervention.MapWeights;
import superweight.model.LinearLayer;

/**
 * SmoothQuant (Xiao et al. 2023): each input channel of a matrix is divided by a factor and its column of the weight
 * multiplied by the same, which leaves the product as it is and moves outliers of activations into weights before both
 * are quantized.
 *
 * <p>As in the authors' code, matrices that share an input share its factors, and only inputs that an RMSNorm makes are
 * smoothed, for its weight can take the division in: those of q, k, v and of gate, up.
 *
 * @param alpha how much of the outliers moves, 0 to 1: factors are {@code max|x|^alpha / max|w|^(1 - alpha)}
 */
public record SmoothQuant(double alpha) {
    /** Of the inputs that are smoothed. */
    public static final Set<Site> SITES = Set.of(Site.LN1_OUT, Site.LN2_OUT);

    /** The least of a factor and of a weight's magnitude, as in the authors' code. */
    private static final float LEAST = 1e-5f;

    public SmoothQuant {
        if (!(alpha >= 0 && alpha <= 1)) {
            throw new InvalidInputException("SmoothQuant's alpha must be from 0 to 1, but it is " + alpha + ".");
        }
    }

    /**
     * Smooths a model, so that what quantizes it comes next.
     *
     * @param maxima of the inputs, at {@link #SITES}, on a text to calibrate on
     */
    public List<Intervention> interventions(CausalLM model, ChannelMaxima maxima) {
        List<Intervention> interventions = new ArrayList<>();
        for (int layer = 0; layer < model.config().numHiddenLayers(); layer++) {
            for (Site site : List.of(Site.LN1_OUT, Site.LN2_OUT)) {
                List<LinearLayer> sharing =
                        Arrays.stream(LinearLayer.values()).filter(each -> each.inputSite() == site).toList();
                int at = layer;
                float[] factors = factors(
                        maxima.at(new HookPoint(layer, site)),
                        sharing.stream().map(matrix -> model.weight(at, matrix)).toList());
                ScaledChannels multiplied = new ScaledChannels(factors);
                ScaledChannels divided = new ScaledChannels(inverses(factors));
                for (LinearLayer matrix : sharing) {
                    interventions.add(new MapInput(layer, matrix, divided));
                    interventions.add(new MapWeights(layer, matrix, multiplied));
                }
            }
        }
        return interventions;
    }

    /**
     * What the channels of one input are divided by.
     *
     * @param activations the largest magnitude of each channel
     * @param weights the matrices that share the input, row-major {@code [out, in]}
     */
    float[] factors(float[] activations, List<float[]> weights) {
        float[] ofWeights = new float[activations.length];
        Arrays.fill(ofWeights, LEAST);
        for (float[] weight : weights) {
            for (int i = 0; i < weight.length; i++) {
                int channel = i % activations.length;
                ofWeights[channel] = Math.max(ofWeights[channel], Math.abs(weight[i]));
            }
        }
        float[] factors = new float[activations.length];
        for (int channel = 0; channel < factors.length; channel++) {
            double factor = Math.pow(activations[channel], alpha) / Math.pow(ofWeights[channel], 1 - alpha);
            factors[channel] = Math.max(LEAST, (float) factor);
        }
        return factors;
    }

    private static float[] inverses(float[] factors) {
        float[] inverses = new float[factors.length];
        for (int i = 0; i < inverses.length; i++) {
            inverses[i] = 1 / factors[i];
        }
        return inverses;
    }
}
