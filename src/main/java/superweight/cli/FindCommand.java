package superweight.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
import superweight.find.LayerProfile;
import superweight.find.LayerRange;
import superweight.find.SuperWeightFinder;
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
                    + " layer's output, tested by removing it alone, and listed where the super activation"
                    + " falls by a fifth or more; docs/finding.md states the rule and the data behind it."
        })
final class FindCommand implements Callable<Integer> {


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
            paramLabel = "A..B",
            description = "search these layers only, both included; later ones are not run (default: all)")
    private Optional<String> layers = Optional.empty();

    /** The JSON document; values and profile are the first prompt's. */
    private record Result(
            String model,
            List<String> prompts,
            List<Weight> superWeights,
            List<Weight> erasers,
            List<Layer> profile) {}

    private record Weight(
            int layer,
            int row,
            int column,
            float weight,
            float input,
            float output,
            int token,
            double share,
            double timesMedian,
            int rankInMatrix,
            double zScoreInRow,
            double loss,
            int prompts) {}

    private record Layer(
            int layer,
            float inMax,
            int inToken,
            int inChannel,
            float outMax,
            int outToken,
            int outChannel) {}

    @Override
    public Integer call() {
        Optional<LayerRange> wanted = layers.map(LayerRange::parse);
        try (CausalLM model = modelOptions.load()) {
            LayerRange range = wanted.orElseGet(() -> LayerRange.all(model.config()));
            Search search = new Search(
                    model, new SuperWeightFinder(model, DetectionRule.DEFAULT, range), ids(model.tokenizer()));
            Agreement agreement = search.run();
            Result result = new Result(
                    modelOptions.model(),
                    prompts,
                    search.weights(agreement, Role.SUPER_WEIGHT),
                    search.weights(agreement, Role.ERASER),
                    agreement.prompts().get(0).profile().stream().map(FindCommand::layer).toList());
            output.print(result, lines(result, agreement));
        }
        return 0;
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

    /** The searches of one command line, and what is said of what they agree on. */
    private record Search(CausalLM model, SuperWeightFinder finder, List<int[]> prompts) {
        Agreement run() {
            List<Findings> found = new ArrayList<>();
            try (TerminalProgress progress = TerminalProgress.start("find")) {
                for (int[] ids : prompts) {
                    double done = found.size();
                    found.add(finder.find(
                            ids, progress.between(done / prompts.size(), (done + 1) / prompts.size())));
                }
            }
            return new Agreement(found);
        }

        List<Weight> weights(Agreement agreement, Role role) {
            return agreement.agreed(role, DetectionRule.DEFAULT).stream()
                    .map(at -> weight(firstPrompts(agreement, at), agreement.count(at, role)))
                    .sorted((a, b) -> Float.compare(Math.abs(b.input * b.weight), Math.abs(a.input * a.weight)))
                    .toList();
        }

        private Evidence firstPrompts(Agreement agreement, Coordinate at) {
            return agreement.prompts().get(0).at(at)
                    .map(Finding::evidence)
                    .orElseGet(() -> finder.evidence(prompts.get(0), at));
        }
    }

    private static Weight weight(Evidence evidence, int prompts) {
        Coordinate at = evidence.at();
        return new Weight(
                at.layer(), at.row(), at.column(),
                evidence.weight(), evidence.input(), evidence.output(), evidence.token(), evidence.share(),
                evidence.timesMedian(), evidence.statistics().rankInMatrix(), evidence.statistics().zScoreInRow(),
                evidence.loss(), prompts);
    }

    private static Layer layer(LayerProfile profile) {
        return new Layer(
                profile.layer(),
                profile.input().value(), profile.input().token(), profile.input().channel(),
                profile.output().value(), profile.output().token(), profile.output().channel());
    }

    private static String lines(Result result, Agreement agreement) {
        if (result.superWeights.isEmpty()) {
            return "no super weight found";
        }
        Findings first = agreement.prompts().get(0);
        Stream<String> found = result.superWeights.stream().map(weight -> line("super weight", weight)
                + String.format(Locale.ROOT, "; without it the super activation falls by %.0f %%", 100 * weight.loss)
                + (result.prompts.size() > 1
                        ? String.format(Locale.ROOT, "; %d of %d prompts", weight.prompts, result.prompts.size())
                        : ""));
        Stream<String> erasers = result.erasers.stream().map(weight -> line("eraser", weight));
        String all = String.format(Locale.ROOT,
                "super activation %.4g; without all of its super weights %.4g",
                first.superActivation(), first.superActivationLeft());
        return Stream.concat(Stream.concat(found, erasers), Stream.of(all)).collect(Collectors.joining("\n"));
    }

    private static String line(String role, Weight weight) {
        return String.format(Locale.ROOT,
                "%-12s  %d:%d:%d = %.4f  (rank %d in its matrix)  x %.4g = %.0f %% of the output %.4g at token %d,"
                        + " %.0f times the layer's median",
                role, weight.layer, weight.row, weight.column, weight.weight, weight.rankInMatrix, weight.input,
                100 * weight.share, weight.output, weight.token, weight.timesMedian);
    }
}
