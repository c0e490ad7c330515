package superweight.quantize;

import java.util.List;
import superweight.checkpoint.ModelConfig;
import superweight.measure.Condition;
import superweight.model.Coordinate;

/**
 * All linear layers of a model with their weights quantized in one way.
 *
 * @param quantizer cuts, clips and rounds; its clip counts only where the treatment clips
 * @param treatment what is done about outliers
 */
public record WeightQuantization(Quantizer quantizer, OutlierTreatment treatment) {
    /**
     * The model so quantized, to be measured.
     *
     * @param name what tables and figures call it
     * @param superWeights of the model
     */
    public Condition condition(String name, ModelConfig config, List<Coordinate> superWeights) {
        return new Condition(
                name, LinearLayers.mapped(config, superWeights, cells -> treatment.of(quantizer, cells)));
    }
}
