package superweight.cli;

import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import superweight.InvalidInputException;
import superweight.measure.Generation;
import superweight.model.CausalLM;

/** {@code superweight generate}: a greedy continuation of a prompt. */
@Command(
        name = "generate",
        mixinStandardHelpOptions = true,
        description = "A greedy continuation of a prompt, with single weights scaled or pruned.")
final class GenerateCommand implements Callable<Integer> {
    @Mixin private PromptOptions prompt;
    @Mixin private ModelOptions modelOptions;
    @Mixin private ScaleOptions scales;
    @Mixin private Output output;

    @Option(
            names = "--tokens",
            paramLabel = "N",
            defaultValue = "32",
            description = "new tokens at most (default: ${DEFAULT-VALUE})")
    private int tokens;

    @Option(names = "--ignore-end", description = "go on after the token that ends a text")
    private boolean ignoreEnd;

    /** The JSON document. */
    private record Result(String prompt, List<Integer> promptIds, List<Integer> ids, String text) {}

    @Override
    public Integer call() {
        if (tokens < 1) {
            throw new InvalidInputException("--tokens must be at least 1, but it is " + tokens + ".");
        }
        try (CausalLM model = modelOptions.load(scales.interventions())) {
            Generation generation = generate(model);
            output.print(
                    new Result(
                            prompt.prompt(),
                            generation.promptIds(),
                            generation.ids(),
                            generation.text()),
                    TerminalText.paragraphs(generation.text()));
        }
        return 0;
    }

    private Generation generate(CausalLM model) {
        try (TerminalProgress progress = TerminalProgress.start("generate")) {
            return Generation.greedy(
                    model,
                    prompt.ids(model.tokenizer()),
                    scales.interventions(),
                    tokens,
                    ignoreEnd ? OptionalInt.empty() : model.tokenizer().eosId(),
                    progress);
        }
    }
}
