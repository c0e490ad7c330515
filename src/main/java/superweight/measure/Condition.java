package superweight.measure;

import java.util.List;
import java.util.stream.IntStream;
import superweight.model.ForwardPass;
import superweight.model.Intervention;
import superweight.model.Intervention.MapWeights;

/**
 * One of the models that a measurement compares: the original with some interventions.
 *
 * @param name what tables and figures call it
 * @param interventions none for the original model
 */
public record Condition(String name, List<Intervention> interventions) {
    public static final Condition ORIGINAL = new Condition("original", List.of());

    public Condition {
        interventions = List.copyOf(interventions);
    }

    /** Whether some intervention does, so that texts which begin alike cannot share their beginning. */
    boolean looksAtWholeTexts() {
        return interventions.stream().anyMatch(Intervention::looksAtWholeText);
    }

    /** Whether some matrix is a function of the original one, such as quantized. */
    boolean mapsWeights() {
        return interventions.stream().anyMatch(MapWeights.class::isInstance);
    }

    /** Every one of some sequences under each condition, condition by condition. */
    static List<ForwardPass> runs(List<Condition> conditions, int sequences) {
        return conditions.stream()
                .flatMap(condition -> IntStream.range(0, sequences)
                        .mapToObj(sequence -> new ForwardPass(sequence, condition.interventions)))
                .toList();
    }
}
