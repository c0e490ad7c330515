package superweight.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import superweight.InvalidInputException;
import superweight.find.Agreement;
import superweight.find.DetectionPrompts;
import superweight.find.DetectionRule;
import superweight.find.Evidence;
import superweight.find.Finding;
import superweight.find.Finding.Role;
import superweight.find.Findings;
import superweight.find.LayerRange;
import superweight.find.PruningCost;
import superweight.find.SuperWeightFinder;
import superweight.measure.EvaluationText;
import superweight.model.CausalLM;
import superweight.model.Coordinate;
import superweight.model.Tokenizer;

/** {@code superweight find}: the coordinates of a model's super weights. */
@Command(
        name = "find",
        mixinStandardHelpOptions = true,
        description = {
            "The super weights of a model: single weights of down_proj that write its super activation.",
            "A weight is proposed where one product of activation and weight makes most of a spike in a"
                    + " layer's output, and listed where its product makes a fifth of the super activation or"
                    + " where that falls by a fifth when the weight alone is pruned; docs/finding.md states the rule"
                    + " and the data behind it."
        })
final class FindCommand implements Callable<Integer> {
    private static final DetectionRule RULE = DetectionRule.DEFAULT;
    @Mixin private ModelOptions modelOptions;
    @Mixin private Output output;

    @Option(
            names = "--prompt",
            paramLabel = "P",
            description = "a prompt to search on; may be repeated, and then a weight is listed when at least"
                    + " half of the prompts agree (default: the paper's, '" + DetectionPrompts.PAPER + "')")
    private List<String> prompts = List.of(DetectionPrompts.PAPER);

    @Option(
            names = "--bos",
            paramLabel = "auto|yes|no",
            defaultValue = "auto",
            description = "begin each prompt with the token that begins a sequence? auto (the default): as"
                    + " the model's reference tokenizer does")
    private Tokenizer.Bos bos;

    @Option(
            names = "--layers",
            paramLabel = "A..B|A",
            description = "list what lies in these layers only, both included, or in this one; none after both them"
                    + " and the early four fifths is run (default: all)")
    private Optional<String> layers = Optional.empty();

    @Option(
            names = "--perplexity",
            description = "measure, too, how many times the original's perplexity pruning each listed weight"
                    + " alone gives, on the first 2 windows of 1,024 tokens of the text that ships with this project")
    private boolean perplexity;

    @Override
    public Integer call() {
        Optional<LayerRange> wanted = layers.map(LayerRange::parse);
        try (CausalLM model = modelOptions.load()) {
            LayerRange range = wanted.orElseGet(() -> LayerRange.all(model.config()));
            SuperWeightFinder finder = new SuperWeightFinder(model, RULE, range);
            Search search = Search.run(finder, ids(model.tokenizer()));
            Map<Coordinate, Double> ratios = perplexity ? ratios(model, search) : Map.of();
            FindReport report = new FindReport(
                    modelOptions.model(),
                    prompts,
                    search.weights(Role.SUPER_WEIGHT, ratios),
                    search.weights(Role.ERASER, ratios),
                    search.first().profile().stream().map(FindReport.Layer::of).toList(),
                    new FindReport.Extent(
                            range.first(), range.last(), finder.lastRun(), model.config().numHiddenLayers()));
            output.print(report, report.lines(search.first()));
        }
        return 0;
    }

    private static Map<Coordinate, Double> ratios(CausalLM model, Search search) {
        List<Coordinate> places = new ArrayList<>(search.places(Role.SUPER_WEIGHT));
        places.addAll(search.places(Role.ERASER));
        if (places.isEmpty()) {
            return Map.of();
        }
        List<int[]> windows = PruningCost.windows(model, EvaluationText.bundled());
        try (TerminalProgress progress = TerminalProgress.start("perplexity")) {
            return PruningCost.perplexityRatios(model, windows, places, progress);
        }
    }

    private List<int[]> ids(Tokenizer tokenizer) {
        List<int[]> ids = new ArrayList<>();
        for (String prompt : prompts) {
            ids.add(tokenizer.encode(prompt, bos));
            if (ids.get(ids.size() - 1).length == 0) {
                throw new InvalidInputException("The prompt is empty: the model needs a token to be searched on.");
            }
        }
        return ids;
    }

    /** The searches of one command line, one per prompt. */
    private record Search(SuperWeightFinder finder, List<int[]> prompts, Agreement agreement) {
        static Search run(SuperWeightFinder finder, List<int[]> prompts) {
            try (TerminalProgress progress = TerminalProgress.start("find")) {
                return new Search(finder, prompts, Agreement.of(finder, prompts, progress));
            }
        }

        Findings first() {
            return agreement.prompts().get(0);
        }

        List<Coordinate> places(Role role) {
            return agreement.agreed(role, RULE);
        }

        List<FindReport.Weight> weights(Role role, Map<Coordinate, Double> ratios) {
            return places(role).stream()
                    .map(this::evidence)
                    .sorted(Comparator.comparingDouble((Evidence each) -> Math.abs(each.product())).reversed())
                    .map(each -> FindReport.Weight.of(
                            each, agreement.count(each.at(), role), ratio(ratios, each.at())))
                    .toList();
        }

        /** On the first prompt, whether or not the weight was found on it. */
        private Evidence evidence(Coordinate at) {
            return first().at(at).map(Finding::evidence).orElseGet(() -> finder.evidence(prompts.get(0), at));
        }

        private static OptionalDouble ratio(Map<Coordinate, Double> ratios, Coordinate at) {
            return ratios.containsKey(at) ? OptionalDouble.of(ratios.get(at)) : OptionalDouble.empty();
        }
    }
}
