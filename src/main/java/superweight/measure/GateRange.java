package superweight.measure;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import superweight.Progress;
import superweight.model.CausalLM;
import superweight.model.HookPoint.Site;
import superweight.model.LinearLayer;

/**
 * Between what ends the gate of one layer's MLP lies, the factor {@code SiLU(gate_proj(x)) = g sigmoid(g)} of each
 * channel of {@code up_proj(x)}.
 *
 * @param low the smallest over all tokens and channels; -0.278 is the least that SiLU has
 * @param high the largest
 * @param outside the share of all that are not between 0 and 1
 */
public record GateRange(double low, double high, double outside) {
    /**
     * Measures the original model on one text.
     *
     * @param ids token ids
     * @return one a layer
     */
    public static List<GateRange> measure(CausalLM model, int[] ids, Progress progress) {
        List<GateRange> ranges = new ArrayList<>();
        Activations.read(
                model,
                List.of(ids),
                model.config().numHiddenLayers(),
                List.of(Condition.ORIGINAL),
                Set.of(Site.LN2_OUT),
                progress,
                (condition, text, point, normed) -> ranges.add(of(model, point.layer(), normed)));
        return List.copyOf(ranges);
    }

    /** @param normed what gate_proj is multiplied by, {@code [T, hidden]} */
    private static GateRange of(CausalLM model, int layer, NDArray normed) {
        LinearLayer gate = LinearLayer.GATE_PROJ;
        Shape shape = new Shape(gate.outFeatures(model.config()), gate.inFeatures(model.config()));
        try (NDManager scope = model.newScope()) {
            NDArray weight = scope.create(model.weight(layer, gate), shape); // [intermediate, hidden]
            NDArray products = weight.matMul(normed.transpose()); // [intermediate, T]
            return of(products.toFloatArray());
        }
    }

    /** @param products what gate_proj gives, before its activation function */
    static GateRange of(float[] products) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        int outside = 0;
        for (float product : products) {
            double gate = product / (1 + Math.exp(-product));
            low = Math.min(low, gate);
            high = Math.max(high, gate);
            outside += gate < 0 || gate > 1 ? 1 : 0;
        }
        return new GateRange(low, high, (double) outside / products.length);
    }
}
