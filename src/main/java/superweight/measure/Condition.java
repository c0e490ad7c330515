package superweight.measure;

import java.util.List;
import superweight.model.Intervention;

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
}
