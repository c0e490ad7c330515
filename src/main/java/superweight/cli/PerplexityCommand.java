package superweight.cli;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import superweight.measure.Condition;
import superweight.measure.Perplexity;
import superweight.measure.WindowedText;
import superweight.model.CausalLM;

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
    @Mixin private TextOptions textOptions;
    @Mixin private ScaleOptions scales;
    @Mixin private Output output;

    /** The JSON document. */
    private record Result(
            double perplexity, double meanNll, int window, int windows, long tokens, Subject of) {}

    @Override
    public Integer call() {
        WindowedText text = textOptions.read();
        try (CausalLM model = modelOptions.load(scales.interventions())) {
            print(text, measure(model, text));
        }
        return 0;
    }

    private Perplexity measure(CausalLM model, WindowedText text) {
        List<int[]> windows = textOptions.windows(model, text);
        Condition condition = new Condition("perplexity", scales.interventions());
        try (TerminalProgress progress = TerminalProgress.start("perplexity")) {
            return Perplexity.measure(model, windows, condition, progress).requireFinite();
        }
    }

    private void print(WindowedText text, Perplexity measured) {
        Result result = new Result(
                measured.value(),
                measured.meanNll(),
                measured.window(),
                measured.windows(),
                measured.tokens(),
                new Subject(modelOptions.model(), text.name(), text.sha256(), measured.window(), measured.windows(),
                        scales.typed()));
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
