package superweight.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import superweight.InvalidInputException;
import superweight.measure.Condition;
import superweight.measure.EvaluationText;
import superweight.measure.Perplexity;
import superweight.model.CausalLM;
import superweight.model.Tokenizer;

/** {@code superweight perplexity}: how well a model, changed or not, predicts a text. */
@Command(
        name = "perplexity",
        mixinStandardHelpOptions = true,
        description = {
            "Perplexity of a text under a model, with single weights scaled or pruned.",
            "The text is tokenized once as one string without special tokens and cut into windows"
                    + " that do not overlap; a remainder is dropped; each window scores its tokens"
                    + " after the first."
        })
final class PerplexityCommand implements Callable<Integer> {
    @Mixin private ModelOptions modelOptions;
    @Mixin private ScaleOptions scales;
    @Mixin private Output output;

    @ArgGroup(multiplicity = "1")
    private Source source;

    @Option(
            names = "--window",
            paramLabel = "L",
            defaultValue = "2048",
            description = "tokens per window (default: ${DEFAULT-VALUE})")
    private int window;

    @Option(
            names = "--bos",
            paramLabel = "auto|yes|no",
            defaultValue = "no",
            description = "begin the text, once, with the token that begins a sequence? no (the"
                    + " default); auto: as the model's reference tokenizer does")
    private Tokenizer.Bos bos;

    @Option(names = "--windows", paramLabel = "N", description = "use the first N windows (default: all)")
    private Optional<Integer> windows;

    /** What is measured; exactly one. */
    static final class Source {
        @Option(names = "--text", paramLabel = "FILE", description = "a text file in UTF-8")
        private Path text;

        @Option(
                names = "--dataset",
                paramLabel = "wikitext2|bundled",
                description = "wikitext2: the raw test split, from the folder that SUPERWEIGHT_DATA"
                        + " names; bundled: the prose that ships with this project")
        private Dataset dataset;

        EvaluationText read() {
            return dataset == null ? EvaluationText.file(text) : dataset.text.get();
        }
    }

    /** The texts that have a name. */
    enum Dataset {
        WIKITEXT2(() -> EvaluationText.wikitext2(DataFolder.fromEnvironment(
                "WikiText-2 is not at hand: set SUPERWEIGHT_DATA to a folder that holds wiki.test.raw."))),
        BUNDLED(EvaluationText::bundled);

        private final Supplier<EvaluationText> text;

        Dataset(Supplier<EvaluationText> text) {
            this.text = text;
        }
    }

    /** The JSON document. */
    private record Result(double perplexity, double meanNll, int window, int windows, long tokens) {}

    @Override
    public Integer call() {
        EvaluationText text = source.read();
        try (CausalLM model = modelOptions.load()) {
            print(measure(model, text));
        }
        return 0;
    }

    private Perplexity measure(CausalLM model, EvaluationText text) {
        int[] ids = model.tokenizer().encode(text.text(), bos);
        List<int[]> chosen = choose(Perplexity.windows(ids, window));
        Condition condition = new Condition("perplexity", scales.interventions());
        try (TerminalProgress progress = TerminalProgress.start("perplexity")) {
            return Perplexity.measure(model, chosen, condition, progress).requireFinite();
        }
    }

    private List<int[]> choose(List<int[]> all) {
        int count = windows.orElse(all.size());
        if (count < 1 || count > all.size()) {
            throw new InvalidInputException("--windows must be from 1 to " + all.size()
                    + ", the number of whole windows of " + window + " tokens in the text, but it is "
                    + count + ".");
        }
        return all.subList(0, count);
    }

    private void print(Perplexity measured) {
        Result result = new Result(
                measured.value(),
                measured.meanNll(),
                measured.window(),
                measured.windows(),
                measured.tokens());
        output.print(
                result,
                String.format(
                        Locale.ROOT,
                        "perplexity %.4f (mean NLL %.5f over %d tokens in %d windows of %d)",
                        result.perplexity,
                        result.meanNll,
                        result.tokens,
                        result.windows,
                        result.window));
    }
}
