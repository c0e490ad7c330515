package superweight.measure;

import java.util.List;
import superweight.model.Coordinate;
import superweight.model.Intervention;

/**
 * Super weights multiplied by one factor after another, all of them together (paper section 3.3 and Figure 6).
 *
 * @param weights what is multiplied
 * @param factors 0 prunes the weights, 1 is the original model
 */
public record Scaling(List<Coordinate> weights, List<Double> factors) {
    public Scaling {
        weights = List.copyOf(weights);
        factors = List.copyOf(factors);
    }

    /** One condition a factor, in their order. */
    public List<Condition> conditions() {
        return factors.stream().map(factor -> new Condition("factor " + factor, interventions(factor))).toList();
    }

    private List<Intervention> interventions(double factor) {
        return factor == 1
                ? List.of()
                : weights.stream().map(weight -> Intervention.scale(weight, factor)).toList();
    }
}
