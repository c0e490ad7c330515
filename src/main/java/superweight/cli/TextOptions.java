package superweight.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;
import superweight.InvalidInputException;
import superweight.measure.EvaluationText;
import superweight.measure.Perplexity;
import superweight.model.CausalLM;
import superweight.model.Tokenizer;

/** The text that perplexity is measured on, and the windows it is cut into. */
final class TextOptions {
    @ArgGroup(multiplicity = "1")
    private Source source;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "the folder with wiki.test.raw, for --dataset wikitext2 (default: the folder that"
                    + " SUPERWEIGHT_DATA names)")
    private Optional<Path> data;

    @Option(
            names = "--window",
            paramLabel = "L",
            defaultValue = "2048",
            description = "tokens per window (default: ${DEFAULT-VALUE})")
    private int window;

    @Option(names = "--windows", paramLabel = "N", description = "use the first N windows (default: all)")
    private Optional<Integer> windows;

    @Option(
            names = "--bos",
            paramLabel = "auto|yes|no",
            defaultValue = "no",
            description = "begin the text, once, with the token that begins a sequence? no (the"
                    + " default); auto: as the model's reference tokenizer does")
    private Tokenizer.Bos bos;

    /** What is measured; exactly one. */
    static final class Source {
        @Option(names = "--text", paramLabel = "FILE", description = "a text file in UTF-8")
        private Path text;

        @Option(
                names = "--dataset",
                paramLabel = "wikitext2|bundled",
                description = "wikitext2: the raw test split; bundled: the prose that ships with this project")
        private Dataset dataset;
    }

    /** The texts that have a name. */
    enum Dataset {
        WIKITEXT2(data -> EvaluationText.wikitext2(data.orElseGet(() -> DataFolder.fromEnvironment(
                "WikiText-2 is not at hand: name a folder that holds wiki.test.raw with --data or"
                        + " SUPERWEIGHT_DATA.")))),
        BUNDLED(data -> EvaluationText.bundled());

        private final Function<Optional<Path>, EvaluationText> text;

        Dataset(Function<Optional<Path>, EvaluationText> text) {
            this.text = text;
        }
    }

    EvaluationText read() {
        return source.dataset == null ? EvaluationText.file(source.text) : source.dataset.text.apply(data);
    }

    /** The windows to measure on: token ids, all of one length. */
    List<int[]> windows(CausalLM model, EvaluationText text) {
        int positions = model.config().maxPositionEmbeddings();
        if (window > positions) {
            throw new InvalidInputException("--window must be at most " + positions
                    + ", the positions that this model has, but it is " + window + ".");
        }
        List<int[]> all = Perplexity.windows(model.tokenizer().encode(text.text(), bos), window);
        int count = windows.orElse(all.size());
        if (count < 1 || count > all.size()) {
            throw new InvalidInputException("--windows must be from 1 to " + all.size()
                    + ", the number of whole windows of " + window + " tokens in the text, but it is "
                    + count + ".");
        }
        return all.subList(0, count);
    }
}
