package superweight.find;

import java.util.Comparator;
import java.util.List;
import superweight.model.CausalLM;
import superweight.model.Coordinate;
import superweight.model.LinearLayer;

/**
 * The detector of the Qwen3-0.6B experiment: of every layer the largest product of activation and weight
 * in the output channel with the spike, strongest first. It removes nothing and rejects nothing.
 *
 * @param at the weight's place
 * @param weight W_jk
 * @param contribution X_ik W_jk
 * @param output Y_ij, the spike
 * @param statistics how large the weight is among others
 */
public record Contribution(
        Coordinate at, float weight, double contribution, float output, WeightStatistics statistics) {

    /** The strongest contributions over all layers, one per layer at most. */
    public static List<Contribution> top(CausalLM model, int[] ids, int count) {
        int layers = model.config().numHiddenLayers();
        Observation seen = Observation.of(
                model, ids, layers - 1, layers - 1, DetectionRule.DEFAULT.spike(), List.of());
        return seen.layers().stream()
                .map(layer -> Candidate.of(model, layer.profile().layer(), layer.spikes().get(0), List.of()))
                .sorted(Comparator.comparingDouble((Candidate each) -> Math.abs(each.product())).reversed())
                .limit(count)
                .map(candidate -> of(model, candidate))
                .toList();
    }

    private static Contribution of(CausalLM model, Candidate candidate) {
        Coordinate at = candidate.at();
        float[] matrix = model.weight(at.layer(), LinearLayer.DOWN_PROJ);
        return new Contribution(
                at,
                candidate.weight(),
                candidate.product(),
                candidate.spike().value(),
                WeightStatistics.of(matrix, model.config().intermediateSize(), at.row(), at.column()));
    }
}
