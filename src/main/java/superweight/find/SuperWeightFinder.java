package superweight.find;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import superweight.Progress;
import superweight.find.Observation.Stream;
import superweight.model.CausalLM;
import superweight.model.Coordinate;
import superweight.model.ForwardPass;
import superweight.model.HookPoint;
import superweight.model.HookPoint.Site;
import superweight.model.Intervention;
import superweight.model.Sequence;
import superweight.model.Walk;

/**
 * Finds the super weights of a model on a prompt (paper section 3.1): propose, test, prune, repeat.
 *
 * <p>The super activations are looked up in the residual stream at the end of the early layers. In one walk
 * through them, each layer whose down_proj spikes in the channel of a super activation proposes the weight
 * behind the spike, and each weight proposed is pruned alone in the original model to see what the super
 * activation owes to it. The super weights among them are pruned together and what is left is searched
 * again, until every super activation is suppressed or a pass finds no more. Many prompts, and all the models
 * that are tested, go through the layers together ({@link Search}).
 *
 * <p>{@link DetectionRule} has the numbers.
 */
public final class SuperWeightFinder {
    /** Enough to make good use of weights that are read from disk, and few enough for a large model to take minutes. */
    private static final int PROMPTS_AT_ONCE = 8;

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
     * Searches the model on one prompt.
     *
     * @param ids a prompt; a few tokens are enough
     * @param progress told after each layer
     * @throws ArithmeticException if an activation is not a finite number
     */
    public Findings find(int[] ids, Progress progress) {
        return find(List.of(ids), progress).get(0);
    }

    /** The last layer that a search runs; it knows nothing of those after it. */
    public int lastRun() {
        return Math.max(layers.last(), lastEarly);
    }

    /** Searches the model on each of several prompts, some of them at a time in the same walks through its layers. */
    public List<Findings> find(List<int[]> prompts, Progress progress) {
        List<Findings> all = new ArrayList<>();
        for (int first = 0; first < prompts.size(); first += PROMPTS_AT_ONCE) {
            List<int[]> some = prompts.subList(first, Math.min(prompts.size(), first + PROMPTS_AT_ONCE));
            Progress part = progress.between(
                    (double) first / prompts.size(), (double) (first + some.size()) / prompts.size());
            all.addAll(part.step(new Step(model.identity(), rule, layers, some), Findings.class,
                    () -> findTogether(some, part)));
            part.at(1, "found");
        }
        return all;
    }

    /** All that some prompts' findings depend on. */
    private record Step(CausalLM.Identity model, DetectionRule rule, LayerRange layers, List<int[]> prompts) {}

    private List<Findings> findTogether(List<int[]> prompts, Progress progress) {
        List<Sequence> sequences = prompts.stream().map(Sequence::of).toList();
        List<Search> all = IntStream.range(0, prompts.size())
                .mapToObj(prompt -> new Search(prompt, rule, lastEarly))
                .toList();
        double done = 0;
        walk(sequences, all, lastRun(), progress.between(0, 0.6));
        for (List<Search> open = open(all); !open.isEmpty(); open = open(open)) {
            done = Math.max(0.6, (1 + done) / 2); // how many walks it will take is not known beforehand
            walk(sequences, open, lastEarly, progress.between(done, (1 + done) / 2));
        }
        return all.stream().map(search -> search.findings(layers)).toList();
    }

    private static List<Search> open(List<Search> searches) {
        return searches.stream().filter(search -> !search.isOver()).toList();
    }

    /** One pass of some searches. */
    private void walk(List<Sequence> prompts, List<Search> searches, int last, Progress progress) {
        searches.forEach(Search::begin);
        try (Walk walk = model.walk(prompts, last + 1)) {
            while (walk.nextLayer()) {
                run(walk, searches);
                DownProj layer = new DownProj(walk);
                searches.forEach(search -> search.propose(layer));
                test(walk, searches);
                if (walk.layer() == lastEarly) {
                    searches.forEach(Search::judge);
                }
                progress.at((walk.layer() + 1.0) / (last + 1), "layer " + (walk.layer() + 1) + " of " + (last + 1));
            }
        }
    }

    /** What is watched, and the tests that have begun in earlier layers, together. */
    private void run(Walk walk, List<Search> searches) {
        List<Test> tests = tests(walk, searches);
        List<ForwardPass> runs = new ArrayList<>(searches.stream().map(Search::watched).toList());
        tests.forEach(test -> runs.add(test.run()));
        walk.run(runs, (run, point, activation) -> {
            if (run < searches.size()) {
                searches.get(run).seen().read(point, activation);
            } else {
                tests.get(run - searches.size()).read(point, activation);
            }
        });
    }

    /** The tests that begin in this layer; the others have gone through it. */
    private void test(Walk walk, List<Search> searches) {
        List<Test> tests = tests(walk, searches);
        walk.run(
                tests.stream().map(Test::run).toList(),
                (run, point, activation) -> tests.get(run).read(point, activation));
    }

    /** Tests end with the early layers. */
    private List<Test> tests(Walk walk, List<Search> searches) {
        return walk.layer() > lastEarly
                ? List.of()
                : searches.stream()
                        .flatMap(search -> search.tests().stream().map(run -> new Test(search, run, lastEarly)))
                        .toList();
    }

    private record Test(Search search, ForwardPass run, int lastEarly) {
        void read(HookPoint point, NDArray activation) {
            if (point.equals(new HookPoint(lastEarly, Site.RESID_POST))) {
                search.tested(run, Stream.of(activation, lastEarly));
            }
        }
    }

    /**
     * What can be said of one place in the original model, whether or not it spikes.
     *
     * @param ids the prompt
     * @throws superweight.InvalidInputException if the model has no such place
     */
    public Evidence evidence(int[] ids, Coordinate at) {
        Intervention pruning = Intervention.prune(at);
        pruning.check(model.config());
        Search search = new Search(0, rule, lastEarly);
        search.begin();
        try (Walk walk = model.walk(List.of(Sequence.of(ids)), Math.max(at.layer(), lastEarly) + 1)) {
            while (walk.nextLayer()) {
                run(walk, List.of(search));
                if (walk.layer() == at.layer()) {
                    search.propose(new DownProj(walk), at);
                    test(walk, List.of(search));
                }
            }
        }
        return search.evidence();
    }

    /** The largest activations around every searched down_proj, in the original model. */
    public List<LayerProfile> profile(int[] ids) {
        Observation seen = new Observation(lastEarly, rule.spike());
        model.read(ids, layers.last() + 1, List.of(), (run, point, activation) -> seen.read(point, activation));
        return seen.profile(layers);
    }
}
