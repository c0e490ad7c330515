package superweight.find;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import superweight.find.Finding.Role;
import superweight.measure.Progress;
import superweight.model.ActivationReader;
import superweight.model.CausalLM;
import superweight.model.Coordinate;
import superweight.model.HookPoint;
import superweight.model.HookPoint.Site;
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
     * A search of some layers.
     *
     * @param layers none after the last of them is run
     */
    public SuperWeightFinder(CausalLM model, DetectionRule rule, LayerRange layers) {
        this.model = model;
        this.rule = rule;
        this.layers = layers.of(model.config());
        this.lastEarly = Math.min(layers.last(), rule.lastEarlyLayer(model.config().numHiddenLayers()));
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
                Evidence evidence = tested.containsKey(at) ? tested.get(at).evidence() : evidence(ids, at, original);
                Finding finding = judge(candidate, evidence, left, pass);
                tested.put(at, finding);
                if (finding.role() == Role.SUPER_WEIGHT) {
                    found.add(at);
                }
            }
            left = found.size() > before ? observe(ids, found) : left;
        } while (found.size() > before && !unsuppressed(channels, original, left).isEmpty());
        List<Finding> all = new ArrayList<>(tested.values());
        all.addAll(lateFindings(ids, original, found));
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
        return evidence(ids, at, observe(ids, List.of()));
    }

    /** The largest activations around every searched down_proj, in the original model. */
    public List<LayerProfile> profile(int[] ids) {
        return profile(observe(ids, List.of()));
    }

    private Evidence evidence(int[] ids, Coordinate at, Observation original) {
        Channel channel = Channel.read(model, ids, at);
        float[] matrix = model.weight(at.layer(), LinearLayer.DOWN_PROJ);
        int columns = model.config().intermediateSize();
        return new Evidence(
                at,
                matrix[at.row() * columns + at.column()],
                channel.input,
                channel.output,
                channel.token,
                channel.timesMedian,
                WeightStatistics.of(matrix, columns, at.row(), at.column()),
                original.stream().peak(at.row()),
                observe(ids, List.of(at)).stream().peak(at.row()));
    }

    private Observation observe(int[] ids, List<Coordinate> removed) {
        return Observation.of(
                model, ids, layers, lastEarly, rule.spike(), removed.stream().map(Intervention::prune).toList());
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

    /**
     * A product counts for a super activation as it stands in this pass, at the spike's own token, against
     * its original size.
     */
    private Finding judge(Candidate candidate, Evidence evidence, Observation left, int pass) {
        double direction = Math.signum(left.stream().at(candidate.spike().token(), candidate.at().row()));
        double written = candidate.product() * direction / Math.abs(evidence.superActivation());
        boolean needed = rule.isSuperWeight(written, evidence.loss());
        return new Finding(needed ? Role.SUPER_WEIGHT : Role.BYSTANDER, evidence, written, pass);
    }

    private List<Finding> lateFindings(int[] ids, Observation original, List<Coordinate> superWeights) {
        List<Finding> late = new ArrayList<>();
        for (Observation.Layer layer : original.layers()) {
            Candidate candidate =
                    Candidate.of(model, layer.profile().layer(), layer.spikes().get(0), List.of());
            if (layer.profile().layer() > lastEarly && rule.proposes(candidate)) {
                boolean sameChannel = superWeights.stream().anyMatch(at -> at.row() == candidate.at().row());
                Role role = sameChannel && candidate.erases() ? Role.ERASER : Role.LATE_SPIKE;
                late.add(new Finding(role, evidence(ids, candidate.at(), original), 0, 1));
            }
        }
        return late;
    }

    private static List<LayerProfile> profile(Observation seen) {
        return seen.layers().stream().map(Observation.Layer::profile).toList();
    }

    /**
     * The output channel that a weight writes, in the original model.
     *
     * @param output the channel's largest activation
     * @param token where that is
     * @param input what the weight is multiplied by there
     * @param timesMedian magnitude of the output over the median magnitude of the layer's outputs
     */
    private record Channel(float output, int token, float input, double timesMedian) {
        static Channel read(CausalLM model, int[] ids, Coordinate at) {
            List<float[]> inputAndOutput = new ArrayList<>();
            ActivationReader reader = (sequence, point, activation) -> {
                if (point.equals(new HookPoint(at.layer(), Site.MLP_POST))
                        || point.equals(new HookPoint(at.layer(), Site.MLP_OUT))) {
                    inputAndOutput.add(activation.toFloatArray());
                }
            };
            model.read(ids, at.layer() + 1, List.of(), reader);
            float[] input = inputAndOutput.get(0); // [T, intermediate]
            float[] output = inputAndOutput.get(1); // [T, hidden]
            int hidden = output.length / ids.length;
            int intermediate = input.length / ids.length;
            float[] channel = new float[ids.length];
            for (int token = 0; token < ids.length; token++) {
                channel[token] = output[token * hidden + at.row()];
            }
            Spike spike = Spike.of(channel, 1);
            return new Channel(
                    spike.value(),
                    spike.token(),
                    input[spike.token() * intermediate + at.column()],
                    Math.abs(spike.value()) / Spike.median(output));
        }
    }
}
