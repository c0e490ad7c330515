package superweight.quantize;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.function.Function;
import superweight.checkpoint.ModelConfig;
import superweight.model.CausalLM;
import superweight.model.Coordinate;
import superweight.model.Intervention;
import superweight.model.Intervention.Cell;
import superweight.model.LinearLayer;
import superweight.model.TensorMap;

/** What is quantized: every linear layer's weight, each by itself; embeddings, output projection and norms stay. */
public final class LinearLayers {
    private LinearLayers() {}

    /** A function of each of them. */
    public static List<Intervention> mapped(ModelConfig config, TensorMap map) {
        return Projections.of(config, LinearLayer.values()).weights(map);
    }

    /**
     * A function of each of them that depends on which super weights the matrix has.
     *
     * @param superWeights of down_proj, in any layer
     * @param map from a matrix' super weights, none in most, to what is done to it
     */
    static List<Intervention> mapped(
            ModelConfig config, List<Coordinate> superWeights, Function<List<Cell>, TensorMap> map) {
        return Projections.of(config, LinearLayer.values()).weights(superWeights, map);
    }

    /** What a weight takes on average, its share of its block's step and smallest element counted. */
    public static double bitsPerWeight(ModelConfig config, Quantizer quantizer) {
        double bits = 0;
        long weights = 0;
        for (LinearLayer matrix : LinearLayer.values()) {
            long rows = matrix.outFeatures(config);
            long columns = matrix.inFeatures(config);
            bits += quantizer.bitsPerElement(rows, columns) * rows * columns;
            weights += rows * columns;
        }
        return bits / weights;
    }

    /** What a function of its matrix makes of one weight of down_proj. */
    public static float value(CausalLM model, Coordinate at, TensorMap map) {
        try (NDManager scope = model.newScope()) {
            return map.apply(model.weight(at.layer(), LinearLayer.DOWN_PROJ, scope))
                    .getFloat(at.row(), at.column());
        }
    }

    /** How many weights of all linear layers a quantizer clips. */
    public static long clipped(CausalLM model, Quantizer quantizer) {
        long count = 0;
        for (int layer = 0; layer < model.config().numHiddenLayers(); layer++) {
            for (LinearLayer matrix : LinearLayer.values()) {
                try (NDManager scope = model.newScope()) {
                    NDArray weight = model.weight(layer, matrix, scope); // [out, in]
                    NDArray clipped = quantizer.clip().clip(weight, quantizer.blocks());
                    count += clipped.neq(weight).countNonzero().getLong();
                }
            }
        }
        return count;
    }
}
