package superweight.find;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import superweight.find.Finding.Role;
import superweight.find.Observation.Stream;
import superweight.model.Coordinate;
import superweight.model.ForwardPass;
import superweight.model.Intervention;

/**
 * The search on one prompt.
 *
 * <p>Whether a weight matters is known only at the end of the early layers, and so is which of the spikes are in the
 * channel of a super activation. So as not to walk again for each, a pass tests every weight behind a spike as it
 * meets it: from that layer on, the model without it goes along beside the original, and so does the model without all
 * of them. A further pass is needed only where some of them, but not all, turn out to be super weights.
 */
final class Search {
    private final int prompt;
    private final DetectionRule rule;
    private final int lastEarly;
    private final Observation original;
    private final List<Late> late = new ArrayList<>();
    private final Map<Coordinate, Finding> tested = new LinkedHashMap<>();
    private final List<Coordinate> found = new ArrayList<>();
    private List<Integer> channels = List.of();
    private Pass pass = Pass.without(List.of(), new Observation(0, 0));
    private int passes;
    private Optional<Stream> left = Optional.empty();

    /** A weight behind a spike, and how large it is among others. */
    private record Proposal(Candidate candidate, WeightStatistics statistics) {
        Coordinate at() {
            return candidate.at();
        }
    }

    /** One behind a spike of a late layer. */
    private record Late(Proposal proposal, boolean largest) {}

    /**
     * One walk through the early layers.
     *
     * @param pruned the super weights of earlier passes
     * @param seen what the model without them shows
     * @param proposals the weights behind its spikes
     * @param without the stream at the end of the early layers without each of the proposals alone
     */
    private record Pass(
            List<Coordinate> pruned, Observation seen, List<Proposal> proposals, Map<ForwardPass, Stream> without) {
        static Pass without(List<Coordinate> pruned, Observation seen) {
            return new Pass(List.copyOf(pruned), seen, new ArrayList<>(), new HashMap<>());
        }

        List<Coordinate> prunedOrProposed() {
            List<Coordinate> all = new ArrayList<>(pruned);
            proposals.forEach(proposal -> all.add(proposal.at()));
            return all;
        }
    }

    /** @param prompt index of the prompt among the walk's sequences */
    Search(int prompt, DetectionRule rule, int lastEarly) {
        this.prompt = prompt;
        this.rule = rule;
        this.lastEarly = lastEarly;
        this.original = new Observation(lastEarly, rule.spike());
    }

    /** What is left of the super activations is known and suppressed, or nothing more takes from them. */
    boolean isOver() {
        return left.isPresent();
    }

    /** Begins a walk: the first one through the original model, the next ones without what was found. */
    void begin() {
        pass = passes == 0
                ? Pass.without(List.of(), original)
                : Pass.without(found, new Observation(lastEarly, rule.spike()));
    }

    /** What is watched on this walk. */
    ForwardPass watched() {
        return without(pass.pruned);
    }

    /** What it shows. */
    Observation seen() {
        return pass.seen;
    }

    /** Proposes the weights behind the spikes of the layer that was watched last. */
    void propose(DownProj layer) {
        Observation.Layer seen = pass.seen.lastLayer();
        for (Observation.OutputSpike output : seen.spikes()) {
            Candidate candidate = Candidate.of(layer, output, pass.pruned);
            if (rule.proposes(candidate)) {
                Proposal proposal = new Proposal(candidate, layer.statistics(candidate.at()));
                if (layer.index() <= lastEarly) {
                    pass.proposals.add(proposal);
                } else {
                    late.add(new Late(proposal, output.spike().channel() == seen.profile().output().channel()));
                }
            }
        }
    }

    /** Proposes one weight of the layer that was watched last, whatever speaks for it. */
    void propose(DownProj layer, Coordinate at) {
        Candidate candidate = Candidate.at(layer, pass.seen.channel(at.row()), at.column());
        pass.proposals.add(new Proposal(candidate, layer.statistics(at)));
    }

    /**
     * What goes through the early layers besides: the original model, for tests to part from, the original without each
     * of the proposed weights alone, and the model without all of them.
     */
    Set<ForwardPass> tests() {
        Set<ForwardPass> tests = new LinkedHashSet<>(List.of(ForwardPass.original(prompt)));
        pass.proposals.forEach(proposal -> tests.add(without(List.of(proposal.at()))));
        tests.add(without(pass.prunedOrProposed()));
        return tests;
    }

    /** Takes what a test leaves in the residual stream at the end of the early layers. */
    void tested(ForwardPass test, Stream stream) {
        pass.without.put(test, stream);
    }

    private ForwardPass without(List<Coordinate> pruned) {
        return new ForwardPass(prompt, pruned.stream().map(Intervention::prune).toList());
    }

    /** At the end of the early layers: says what the proposed weights are, and whether the search is over. */
    void judge() {
        if (passes == 0) {
            channels = IntStream.range(0, original.stream().channels())
                    .filter(channel -> rule.isSuperActivation(
                            original.stream().peak(channel), original.stream().largest()))
                    .boxed()
                    .toList();
        } else if (isSuppressed(pass.seen.stream())) {
            left = Optional.of(pass.seen.stream());
            return;
        }
        passes++;
        int before = found.size();
        for (Proposal proposal : pass.proposals) {
            int row = proposal.at().row();
            if (channels.contains(row) && !isSuppressed(pass.seen.stream(), row)) {
                judge(proposal);
            }
        }
        if (found.size() == before) {
            left = Optional.of(pass.seen.stream());
            return;
        }
        if (Set.copyOf(found).equals(Set.copyOf(pass.prunedOrProposed()))) {
            left = Optional.of(pass.without.get(without(pass.prunedOrProposed()))).filter(this::isSuppressed);
        }
    }

    private void judge(Proposal proposal) {
        Stream without = pass.without.get(without(List.of(proposal.at())));
        Evidence evidence = evidence(proposal, pass.seen, original, without);
        boolean needed = rule.isSuperWeight(evidence.written(), evidence.loss());
        tested.put(proposal.at(), new Finding(needed ? Role.SUPER_WEIGHT : Role.BYSTANDER, evidence, passes));
        if (needed) {
            found.add(proposal.at());
        }
    }

    private boolean isSuppressed(Stream stream) {
        return channels.stream().allMatch(channel -> isSuppressed(stream, channel));
    }

    private boolean isSuppressed(Stream stream, int channel) {
        return rule.isSuppressed(stream.peak(channel), original.stream().peak(channel));
    }

    /** What was found, once the search is over. */
    Findings findings(LayerRange layers) {
        List<Finding> all = new ArrayList<>(tested.values());
        all.addAll(lateFindings());
        all.removeIf(finding -> !layers.contains(finding.evidence().at().layer()));
        return new Findings(
                original.profile(layers), all, original.stream().largest(), left.orElseThrow().largest(), passes);
    }

    /** What speaks for the one weight that was proposed on the first walk. */
    Evidence evidence() {
        Proposal proposal = pass.proposals.get(0);
        Stream without = pass.without.getOrDefault(without(List.of(proposal.at())), original.stream());
        return evidence(proposal, original, original, without);
    }

    private List<Finding> lateFindings() {
        Set<Integer> superChannels = found.stream().map(Coordinate::row).collect(Collectors.toSet());
        List<Finding> findings = new ArrayList<>();
        for (Late each : late) {
            boolean inSuperChannel = superChannels.contains(each.proposal.at().row());
            if (inSuperChannel || each.largest) {
                Role role = inSuperChannel && each.proposal.candidate.erases() ? Role.ERASER : Role.LATE_SPIKE;
                // The end of the early layers is before it: the super activation there cannot change.
                findings.add(new Finding(
                        role, evidence(each.proposal, original, original, original.stream()), 1));
            }
        }
        return findings;
    }

    /** A product counts for a super activation as it stands in its pass, against the original's size. */
    private Evidence evidence(Proposal proposal, Observation seen, Observation original, Stream without) {
        Candidate candidate = proposal.candidate;
        int row = candidate.at().row();
        double superActivation = original.stream().peak(row);
        double direction = Math.signum(seen.stream().at(candidate.spike().token(), row));
        return new Evidence(
                candidate.at(),
                candidate.weight(),
                candidate.input(),
                candidate.spike().value(),
                candidate.spike().token(),
                candidate.spike().timesMedian(),
                proposal.statistics,
                candidate.at().layer() > lastEarly ? 0 : candidate.product() * direction / Math.abs(superActivation),
                superActivation,
                without.peak(row));
    }
}
