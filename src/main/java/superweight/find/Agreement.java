package superweight.find;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import superweight.Progress;
import superweight.find.Finding.Role;
import superweight.model.Coordinate;

/**
 * What searches on several prompts agree on.
 *
 * @param prompts one search per prompt
 */
public record Agreement(List<Findings> prompts) {
    public Agreement {
        prompts = List.copyOf(prompts);
    }

    /** Searches on each of some prompts, given as token ids. */
    public static Agreement of(SuperWeightFinder finder, List<int[]> prompts, Progress progress) {
        return new Agreement(finder.find(prompts, progress));
    }

    /** On how many prompts a place was found in this role. */
    public int count(Coordinate at, Role role) {
        return (int) prompts.stream()
                .filter(findings -> findings.at(at).filter(finding -> finding.role() == role).isPresent())
                .count();
    }

    /** Every place that was found in this role on any prompt, in the order of the findings. */
    public List<Coordinate> places(Role role) {
        Set<Coordinate> places = new LinkedHashSet<>();
        prompts.forEach(findings -> findings.of(role).forEach(finding -> places.add(finding.evidence().at())));
        return new ArrayList<>(places);
    }

    /** The places found in this role on at least the rule's share of the prompts. */
    public List<Coordinate> agreed(Role role, DetectionRule rule) {
        return places(role).stream()
                .filter(at -> count(at, role) >= rule.agreement() * prompts.size())
                .toList();
    }
}
