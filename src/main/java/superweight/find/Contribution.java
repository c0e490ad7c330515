package superweight.find;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import superweight.model.CausalLM;
import superweight.model.Coordinate;
import superweight.model.ForwardPass;
import superweight.model.Sequence;
import superweight.model.Walk;

/**
 * The detector of the Qwen3-0.6B experiment: of every layer the largest product of activation and weight
 * in the output channel with the spike, strongest first. It prunes nothing and rejects nothing.
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
        Observation seen = new Observation(layers - 1, DetectionRule.DEFAULT.spike());
        List<Contribution> strongest = new ArrayList<>();
        try (Walk walk = model.walk(List.of(Sequence.of(ids)), layers)) {
            while (walk.nextLayer()) {
                walk.run(List.of(ForwardPass.original(0)), (run, point, activation) -> seen.read(point, activation));
                strongest.add(of(new DownProj(walk), seen.lastLayer().spikes().get(0)));
            }
        }
        return strongest.stream()
                .sorted(Comparator.comparingDouble((Contribution each) -> Math.abs(each.contribution)).reversed())
                .limit(count)
                .toList();
    }

    private static Contribution of(DownProj layer, Observation.OutputSpike output) {
        Candidate candidate = Candidate.of(layer, output, List.of());
        return new Contribution(
                candidate.at(),
                candidate.weight(),
                candidate.product(),
                candidate.spike().value(),
                layer.statistics(candidate.at()));
    }
}
