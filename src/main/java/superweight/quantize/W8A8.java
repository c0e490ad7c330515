package superweight.quantize;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import superweight.checkpoint.ModelConfig;
import superweight.model.Intervention;
import superweight.model.LinearLayer;
import superweight.model.TensorMap;

/**
 * Weights and activations in 8 bits, simulated in float32 (paper section 5.1, after SmoothQuant).
 *
 * @param layers how many decoder layers the model has
 * @param weight what is done to the weight of each matrix that has an input here
 * @param inputs what is done to the activations that a matrix is multiplied by; matrices that are not named stay
 * @param outputs what is done to that which a matrix gives: q, k and v, for the products inside attention
 */
public record W8A8(
        int layers, TensorMap weight, Map<LinearLayer, TensorMap> inputs, Map<LinearLayer, TensorMap> outputs) {
    private static final int BITS = 8;

    /** What the paper lists; it leaves out o_proj, which SmoothQuant's code quantizes. */
    private static final List<LinearLayer> PAPERS = List.of(
            LinearLayer.Q_PROJ, LinearLayer.K_PROJ, LinearLayer.V_PROJ, LinearLayer.GATE_PROJ, LinearLayer.UP_PROJ,
            LinearLayer.DOWN_PROJ);

    /** What attention multiplies with each other. */
    private static final List<LinearLayer> ATTENTIONS =
            List.of(LinearLayer.Q_PROJ, LinearLayer.K_PROJ, LinearLayer.V_PROJ);

    public W8A8 {
        inputs = Collections.unmodifiableMap(ordered(inputs));
        outputs = Collections.unmodifiableMap(ordered(outputs));
    }

    /** Symmetric, by the largest magnitude of each of these blocks: SmoothQuant's quantizer. */
    public static Quantizer symmetric(Blocks blocks) {
        return Quantizer.absMax(BITS, blocks);
    }

    /** Asymmetric between the extremes of each of these blocks, on 255 steps: as the paper's code rounds weights. */
    public static Quantizer asymmetric(Blocks blocks) {
        return Quantizer.roundToNearest(BITS, blocks);
    }

    /**
     * The paper's naive W8A8: q, k, v, gate, up and down, and the products inside attention; weights symmetric, one
     * step a matrix.
     *
     * @param activations what is done to every activation, such as one step a token
     */
    public static W8A8 naive(ModelConfig config, TensorMap activations) {
        return new W8A8(
                config.numHiddenLayers(),
                symmetric(new Blocks.Whole()),
                all(PAPERS, activations),
                all(ATTENTIONS, activations));
    }

    /** The same with another function of the inputs of some matrices; one that was not quantized is from here on. */
    public W8A8 withInputs(TensorMap map, LinearLayer... matrices) {
        Map<LinearLayer, TensorMap> changed = ordered(inputs);
        changed.putAll(all(List.of(matrices), map));
        return new W8A8(layers, weight, changed, outputs);
    }

    /** The same with another function of the inputs of all matrices that are quantized. */
    public W8A8 withInputs(TensorMap map) {
        return withInputs(map, inputs.keySet().toArray(LinearLayer[]::new));
    }

    /** The same with another function of the weights, such as one step an output channel. */
    public W8A8 withWeights(TensorMap map) {
        return new W8A8(layers, map, inputs, outputs);
    }

    /** The same with another function of what attention multiplies. */
    public W8A8 withProducts(TensorMap map) {
        return new W8A8(layers, weight, inputs, all(ATTENTIONS, map));
    }

    /** The same with the products inside attention left alone. */
    public W8A8 withoutProducts() {
        return new W8A8(layers, weight, inputs, Map.of());
    }

    public List<Intervention> interventions() {
        List<Intervention> interventions = new ArrayList<>();
        interventions.addAll(new Projections(layers, List.copyOf(inputs.keySet())).weights(weight));
        inputs.forEach((matrix, map) ->
                interventions.addAll(new Projections(layers, List.of(matrix)).inputs(map)));
        outputs.forEach((matrix, map) ->
                interventions.addAll(new Projections(layers, List.of(matrix)).outputs(map)));
        return interventions;
    }

    /** The same on a model that was changed before, such as by {@link SmoothQuant}. */
    public List<Intervention> after(List<Intervention> before) {
        List<Intervention> interventions = new ArrayList<>(before);
        interventions.addAll(interventions());
        return interventions;
    }

    private static Map<LinearLayer, TensorMap> ordered(Map<LinearLayer, TensorMap> maps) {
        Map<LinearLayer, TensorMap> ordered = new EnumMap<>(LinearLayer.class);
        ordered.putAll(maps);
        return ordered;
    }

    private static Map<LinearLayer, TensorMap> all(List<LinearLayer> matrices, TensorMap map) {
        Map<LinearLayer, TensorMap> all = new EnumMap<>(LinearLayer.class);
        matrices.forEach(matrix -> all.put(matrix, map));
        return all;
    }
}
