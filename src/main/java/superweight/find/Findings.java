package superweight.find;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import superweight.model.Coordinate;

/**
 * The outcome of a search on one prompt.
 *
 * @param profile of the original model, one entry per searched layer
 * @param all every candidate that was tested, in the order of the tests
 * @param superActivation magnitude of the largest activation in the residual stream at the end of the
 *     early layers
 * @param superActivationLeft the same with all found super weights pruned
 * @param passes how often the model was searched, each time without the super weights found before
 */
public record Findings(
        List<LayerProfile> profile,
        List<Finding> all,
        double superActivation,
        double superActivationLeft,
        int passes) {
    public Findings {
        profile = List.copyOf(profile);
        all = List.copyOf(all);
    }

    /** The findings of one role, strongest product first. */
    public List<Finding> of(Finding.Role role) {
        return all.stream()
                .filter(finding -> finding.role() == role)
                .sorted(Comparator.comparingDouble((Finding finding) ->
                        Math.abs(finding.evidence().product())).reversed())
                .toList();
    }

    /** The coordinates of the super weights, strongest product first; none is an answer too. */
    public List<Coordinate> superWeights() {
        return of(Finding.Role.SUPER_WEIGHT).stream().map(finding -> finding.evidence().at()).toList();
    }

    /** What was found out about one place, if it was ever a candidate. */
    public Optional<Finding> at(Coordinate place) {
        return all.stream().filter(finding -> finding.evidence().at().equals(place)).findFirst();
    }
}
