package superweight.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import superweight.InvalidInputException;
import superweight.measure.NextToken;
import superweight.model.CausalLM;

/** {@code superweight next}: the likeliest next tokens after a prompt. */
@Command(
        name = "next",
        mixinStandardHelpOptions = true,
        description = "The likeliest next tokens after a prompt, with single weights scaled or pruned.")
final class NextCommand implements Callable<Integer> {
    @Mixin private PromptOptions prompt;
    @Mixin private ModelOptions modelOptions;
    @Mixin private ScaleOptions scales;
    @Mixin private Output output;

    @Option(
            names = "--top",
            paramLabel = "K",
            defaultValue = "10",
            description = "how many tokens to show (default: ${DEFAULT-VALUE})")
    private int top;

    /** The JSON document. */
    private record Result(String prompt, List<Integer> ids, List<Token> top) {}

    private record Token(int id, String token, float probability) {}

    @Override
    public Integer call() {
        if (top < 1) {
            throw new InvalidInputException("--top must be at least 1, but it is " + top + ".");
        }
        try (CausalLM model = modelOptions.load(scales.interventions())) {
            int[] ids = prompt.ids(model.tokenizer());
            List<Token> tokens = NextToken.top(model, ids, scales.interventions(), top).stream()
                    .map(next -> new Token(
                            next.id(), model.tokenizer().decode(next.id()), next.probability()))
                    .toList();
            output.print(
                    new Result(prompt.prompt(), Arrays.stream(ids).boxed().toList(), tokens),
                    tokens.stream().map(NextCommand::line).collect(Collectors.joining("\n")));
        }
        return 0;
    }

    private static String line(Token token) {
        return String.format(
                Locale.ROOT, "%8.4f  %6d  '%s'", token.probability, token.id, TerminalText.escaped(token.token));
    }
}
