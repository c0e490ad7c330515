package superweight.quantize;

import java.util.Set;
import superweight.checkpoint.ModelConfig;
import superweight.measure.Condition;
import superweight.model.Intervention.MapWeights;
import superweight.model.LinearLayer;
import superweight.model.TensorMap;

/**
 * All linear layers quantized, those of some decoder layers in a way of their own (MNN's mixed precision in the
 * Qwen3-0.6B experiment).
 *
 * @param quantizer of all other layers
 * @param finer of these
 * @param layers decoder layers, from 0
 */
public record MixedPrecision(TensorMap quantizer, TensorMap finer, Set<Integer> layers) {
    public MixedPrecision {
        layers = Set.copyOf(layers);
    }

    /** The model so quantized, to be measured. */
    public Condition condition(String name, ModelConfig config) {
        return new Condition(name, Projections.of(config, LinearLayer.values()).each((layer, matrix) ->
                new MapWeights(layer, matrix, layers.contains(layer) ? finer : quantizer)));
    }
}
