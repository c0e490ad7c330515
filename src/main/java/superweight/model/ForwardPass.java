package superweight.model;

import java.util.Comparator;
import java.util.List;

/**
 * A run: one sequence through one of the models that a measurement compares.
 *
 * <p>Runs that are equal compute the same, which is what {@link Walk} shares their work by.
 *
 * @param sequence index of what is read, among the sequences of the walk
 * @param interventions changes to the model for this run, layer by layer; those of one layer are applied in their order
 */
public record ForwardPass(int sequence, List<Intervention> interventions) {
    public ForwardPass {
        // Stable: in which order different layers are named changes nothing, and must not part runs that are the same.
        interventions = interventions.stream()
                .sorted(Comparator.comparingInt(Intervention::layer))
                .toList();
    }

    /** A sequence through the original model. */
    public static ForwardPass original(int sequence) {
        return new ForwardPass(sequence, List.of());
    }

    /** The run as far as the layers before one can tell. */
    ForwardPass before(int layer) {
        return new ForwardPass(sequence, interventions.stream().filter(each -> each.layer() < layer).toList());
    }

    /** What it changes in one layer. */
    List<Intervention> in(int layer) {
        return interventions.stream().filter(each -> each.layer() == layer).toList();
    }

    /** The run as far as a layer's down_proj, what it multiplies included. */
    ForwardPass beforeDownProj(int layer) {
        return new ForwardPass(sequence, interventions.stream()
                .filter(each -> each.layer() < layer || each.layer() == layer && !each.startsAtDownProj())
                .toList());
    }

    /** What it changes in one layer from there on. */
    List<Intervention> fromDownProjOn(int layer) {
        return in(layer).stream().filter(Intervention::startsAtDownProj).toList();
    }
}
