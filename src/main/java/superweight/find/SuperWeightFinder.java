package superweight.find;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import superweight.Progress;
import superweight.find.Finding.Role;
import superweight.model.CausalLM;
import superweight.model.Coordinate;
import superweight.model.Intervention;
import superweight.model.LinearLayer;

/**
 * Finds the super weights of a model on a prompt (paper section 3.1): propose, test, remove, repeat.
 *
 * <p>The super activations are looked up in the residual stream at the end of the early layers. A pass
 * then runs the model once: each early layer whose down_proj spikes in the channel of a super activation
 * proposes the weight behind the spike, and each weight proposed is removed alone from the original model
 * to see what the super activation owes to it. The super weights among them are removed together and what
 * is left is searched again, until every super activation is suppressed or a pass finds no more.
 *
 * <p>{@link DetectionRule} has the numbers.
 */
public final class SuperWeightFinder {
    private final CausalLM model;
    private final DetectionRule rule;
    private final LayerRange layers;
    private final int lastEarly;

    /**
     * A search of which only what lies in some layers is told. All early layers are run and searched all the
     * same, since what one writes the next may need.
     *
     * @param layers no layer after both these and the early ones is run
     */
    public SuperWeightFinder(CausalLM model, DetectionRule rule, LayerRange layers) {
        this.model = model;
        this.rule = rule;
        this.layers = layers.of(model.config());
        this.lastEarly = rule.lastEarlyLayer(model.config().numHiddenLayers());
    }

    /** A search of all layers by the default rule. */
    public static SuperWeightFinder of(CausalLM model) {
        return new SuperWeightFinder(model, DetectionRule.DEFAULT, LayerRange.all(model.config()));
    }

    /**
     * Searches the model.
     *
     * @param ids a prompt; a few tokens are enough
     * @param progress told before each test
     * @throws ArithmeticException if an activation is not a finite number
     */
    public Findings find(int[] ids, Progress progress) {
        Observation original = observe(ids, List.of());
        List<Integer> channels = IntStream.range(0, original.stream().channels())
                .filter(channel -> rule.isSuperActivation(original.stream().peak(channel), original.stream().largest()))
                .boxed()
                .toList();
        Map<Coordinate, Finding> tested = new LinkedHashMap<>();
        List<Coordinate> found = new ArrayList<>();
        Observation left = original;
        int pass = 0;
        int before;
        do {
            pass++;
            before = found.size();
            for (Candidate candidate : proposals(left, unsuppressed(channels, original, left), found)) {
                Coordinate at = candidate.at();
                progress.at(tested.size() / (tested.size() + 4.0), "pass " + pass + ", " + at);
                Evidence evidence = evidence(ids, candidate, left, original);
                boolean needed = rule.isSuperWeight(evidence.written(), evidence.loss());
                tested.put(at, new Finding(needed ? Role.SUPER_WEIGHT : Role.BYSTANDER, evidence, pass));
                if (needed) {
                    found.add(at);
                }
            }
            left = found.size() > before ? observe(ids, found) : left;
        } while (found.size() > before && !unsuppressed(channels, original, left).isEmpty());
        List<Finding> all = new ArrayList<>(tested.values());
        all.addAll(lateFindings(ids, original, found));
        all.removeIf(finding -> !layers.contains(finding.evidence().at().layer()));
        return new Findings(profile(original), all, original.stream().largest(), left.stream().largest(), pass);
    }

    /**
     * What can be said of one place in the original model, whether or not it spikes.
     *
     * @param ids the prompt
     * @throws superweight.InvalidInputException if the model has no such place
     */
    public Evidence evidence(int[] ids, Coordinate at) {
        Intervention.prune(at).check(model.config());
        Observation original = observe(ids, List.of());
        return evidence(ids, Candidate.at(model, ids, at), original, original);
    }

    /** The largest activations around every searched down_proj, in the original model. */
    public List<LayerProfile> profile(int[] ids) {
        return profile(observe(ids, List.of()));
    }

    /** A product counts for a super activation as it stands in its pass, against the original's size. */
    private Evidence evidence(int[] ids, Candidate candidate, Observation pass, Observation original) {
        Coordinate at = candidate.at();
        double superActivation = original.stream().peak(at.row());
        double direction = Math.signum(pass.stream().at(candidate.spike().token(), at.row()));
        float[] matrix = model.weight(at.layer(), LinearLayer.DOWN_PROJ);
        List<Intervention> removal = List.of(Intervention.prune(at));
        return new Evidence(
                at,
                candidate.weight(),
                candidate.input(),
                candidate.spike().value(),
                candidate.spike().token(),
                candidate.spike().timesMedian(),
                WeightStatistics.of(matrix, model.config().intermediateSize(), at.row(), at.column()),
                at.layer() > lastEarly ? 0 : candidate.product() * direction / Math.abs(superActivation),
                superActivation,
                Observation.stream(model, ids, lastEarly, removal).peak(at.row()));
    }

    private Observation observe(int[] ids, List<Coordinate> removed) {
        return Observation.of(
                model,
                ids,
                Math.max(layers.last(), lastEarly),
                lastEarly,
                rule.spike(),
                removed.stream().map(Intervention::prune).toList());
    }

    private List<Integer> unsuppressed(List<Integer> channels, Observation original, Observation left) {
        return channels.stream()
                .filter(channel -> !rule.isSuppressed(left.stream().peak(channel), original.stream().peak(channel)))
                .toList();
    }

    private List<Candidate> proposals(Observation seen, List<Integer> channels, List<Coordinate> removed) {
        return seen.layers().stream()
                .filter(layer -> layer.profile().layer() <= lastEarly)
                .flatMap(layer -> layer.spikes().stream()
                        .filter(output -> channels.contains(output.spike().channel()))
                        .map(output -> Candidate.of(model, layer.profile().layer(), output, removed)))
                .filter(rule::proposes)
                .toList();
    }

    private List<Finding> lateFindings(int[] ids, Observation original, List<Coordinate> superWeights) {
        Set<Integer> channels = superWeights.stream().map(Coordinate::row).collect(Collectors.toSet());
        List<Finding> late = new ArrayList<>();
        for (Observation.Layer layer : original.layers()) {
            int largest = layer.profile().output().channel();
            layer.spikes().stream()
                    .filter(output -> layer.profile().layer() > lastEarly)
                    .filter(output -> channels.contains(output.spike().channel())
                            || output.spike().channel() == largest)
                    .map(output -> Candidate.of(model, layer.profile().layer(), output, List.of()))
                    .filter(rule::proposes)
                    .forEach(candidate -> late.add(new Finding(
                            channels.contains(candidate.at().row()) && candidate.erases()
                                    ? Role.ERASER : Role.LATE_SPIKE,
                            evidence(ids, candidate, original, original),
                            1)));
        }
        return late;
    }

    private List<LayerProfile> profile(Observation seen) {
        return seen.layers().stream()
                .map(Observation.Layer::profile)
                .filter(profile -> layers.contains(profile.layer()))
                .toList();
    }
}
