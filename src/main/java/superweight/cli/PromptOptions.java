package superweight.cli;

import picocli.CommandLine.Option;
import superweight.InvalidInputException;
import superweight.model.Tokenizer;

/** The prompt, and whether it begins with the token that begins a sequence. */
final class PromptOptions {
    @Option(names = "--prompt", paramLabel = "P", required = true, description = "the text to go on from")
    private String prompt;

    @Option(
            names = "--bos",
            paramLabel = "auto|yes|no",
            defaultValue = "auto",
            description = "begin with the token that begins a sequence? auto (the default): as the"
                    + " model's reference tokenizer does")
    private Tokenizer.Bos bos;

    String prompt() {
        return prompt;
    }

    int[] ids(Tokenizer tokenizer) {
        int[] ids = tokenizer.encode(prompt, bos);
        if (ids.length == 0) {
            throw new InvalidInputException("The prompt is empty: the model needs a token to go on from.");
        }
        return ids;
    }
}
