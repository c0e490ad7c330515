package superweight.model;

import java.util.Comparator;
import java.util.List;

/**
 * One sequence through one of the models that a measurement compares.
 *
 * <p>Runs are equal if they compute the same, which is what {@link Walk} shares their work by.
 *
 * @param sequence index of what is read, among the sequences of the walk
 * @param interventions changes to the model for this run, layer by layer; those of one layer are applied in their order
 */
public record Run(int sequence, List<Intervention> interventions) {
    public Run {
        // Stable: in which order different layers are named changes nothing, and must not part runs that are the same.
        interventions = interventions.stream()
                .sorted(Comparator.comparingInt(Intervention::layer))
                .toList();
    }

    /** A sequence through the original model. */
    public static Run original(int sequence) {
        return new Run(sequence, List.of());
    }

    /** The run as far as the layers before one can tell. */
    Run before(int layer) {
        return new Run(sequence, interventions.stream().filter(each -> each.layer() < layer).toList());
    }

    /** What it changes in one layer. */
    List<Intervention> in(int layer) {
        return interventions.stream().filter(each -> each.layer() == layer).toList();
    }

    /** The run as far as a layer's down_proj, what it multiplies included. */
    Run beforeDownProj(int layer) {
        return new Run(sequence, interventions.stream()
                .filter(each -> each.layer() < layer || each.layer() == layer && !each.startsAtDownProj())
                .toList());
    }

    /** What it changes in one layer from there on. */
    List<Intervention> fromDownProjOn(int layer) {
        return in(layer).stream().filter(Intervention::startsAtDownProj).toList();
    }
}
