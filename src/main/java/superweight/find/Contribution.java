package superweight.find;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import superweight.model.CausalLM;
import superweight.model.Coordinate;
import superweight.model.ForwardPass;
import superweight.model.LinearLayer;
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

    private static final Comparator<Candidate> LARGEST_FIRST =
            Comparator.comparingDouble((Candidate each) -> Math.abs(each.product())).reversed();

    /** The strongest contributions over all layers, one per layer at most. */
    public static List<Contribution> top(CausalLM model, int[] ids, int count) {
        return strongest(model, ids, 1, count);
    }

    /**
     * The largest products of the same rows and tokens, of which a layer may have several: every weight of the output
     * channel with the layer's spike, times its activation on the spike's token.
     */
    public static List<Contribution> largest(CausalLM model, int[] ids, int count) {
        return strongest(model, ids, count, count);
    }

    private static List<Contribution> strongest(CausalLM model, int[] ids, int perLayer, int count) {
        int layers = model.config().numHiddenLayers();
        Observation seen = new Observation(layers - 1, DetectionRule.DEFAULT.spike());
        List<Candidate> products = new ArrayList<>();
        try (Walk walk = model.walk(List.of(Sequence.of(ids)), layers)) {
            while (walk.nextLayer()) {
                walk.run(List.of(ForwardPass.original(0)), (run, point, activation) -> seen.read(point, activation));
                products.addAll(ofRow(new DownProj(walk), seen.lastLayer().spikes().get(0), perLayer));
            }
        }
        List<Candidate> chosen = products.stream().sorted(LARGEST_FIRST).limit(count).toList();
        Map<Candidate, WeightStatistics> statistics = statistics(model, chosen);
        return chosen.stream()
                .map(each -> new Contribution(
                        each.at(), each.weight(), each.product(), each.spike().value(), statistics.get(each)))
                .toList();
    }

    /** The largest products of a spike's row. */
    private static List<Candidate> ofRow(DownProj layer, Observation.OutputSpike output, int count) {
        return IntStream.range(0, output.input().length)
                .mapToObj(column -> Candidate.at(layer, output, column))
                .sorted(LARGEST_FIRST)
                .limit(count)
                .toList();
    }

    /** One matrix at a time, however many weights of it were chosen. */
    private static Map<Candidate, WeightStatistics> statistics(CausalLM model, List<Candidate> chosen) {
        int columns = model.config().intermediateSize();
        Map<Candidate, WeightStatistics> statistics = new HashMap<>();
        chosen.stream().map(each -> each.at().layer()).distinct().forEach(layer -> {
            float[] matrix = model.weight(layer, LinearLayer.DOWN_PROJ);
            chosen.stream()
                    .filter(each -> each.at().layer() == layer)
                    .forEach(each -> statistics.put(each, WeightStatistics.of(
                            matrix, columns, each.at().row(), each.at().column())));
        });
        return statistics;
    }
}
