package superweight.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;
import superweight.InvalidInputException;
import superweight.measure.C4Sample;
import superweight.measure.EvaluationText;
import superweight.measure.WindowedText;
import superweight.model.CausalLM;
import superweight.model.Tokenizer;

/** The text that perplexity is measured on, and the windows it is cut into. */
final class TextOptions {
    @ArgGroup(multiplicity = "1")
    private Source source;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "the folder with wiki.test.raw, for --dataset wikitext2, or with " + C4Sample.FILE
                    + ", for --dataset c4 (default: the folder that SUPERWEIGHT_DATA names)")
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
            description = "begin the text, once, or each document of C4 with the token that begins a sequence? auto: as"
                    + " the model's reference tokenizer does (default: no; for c4 auto, as in the sample that it is)")
    private Optional<Tokenizer.Bos> bos;

    /** What is measured; exactly one. */
    static final class Source {
        @Option(names = "--text", paramLabel = "FILE", description = "a text file in UTF-8")
        private Path text;

        @Option(
                names = "--dataset",
                paramLabel = "wikitext2|c4|bundled",
                description = "wikitext2: the raw test split; c4: GPTQ's 256 windows of the validation split; bundled:"
                        + " the prose that ships with this project")
        private Dataset dataset;
    }

    /** The texts that have a name. */
    enum Dataset {
        WIKITEXT2(data -> EvaluationText.wikitext2(folder(data, "WikiText-2", "wiki.test.raw")), Tokenizer.Bos.NO),
        C4(data -> C4Sample.read(folder(data, "C4", C4Sample.FILE)), Tokenizer.Bos.AUTO),
        BUNDLED(data -> EvaluationText.bundled(), Tokenizer.Bos.NO);

        private final Function<Optional<Path>, WindowedText> text;
        private final Tokenizer.Bos bos;

        Dataset(Function<Optional<Path>, WindowedText> text, Tokenizer.Bos bos) {
            this.text = text;
            this.bos = bos;
        }

        private static Path folder(Optional<Path> data, String text, String file) {
            return data.orElseGet(() -> DataFolder.fromEnvironment("%s is not at hand: name a folder that holds %s with"
                    .formatted(text, file) + " --data or SUPERWEIGHT_DATA."));
        }
    }

    WindowedText read() {
        return source.dataset == null ? EvaluationText.file(source.text) : source.dataset.text.apply(data);
    }

    /** The windows to measure on: token ids, all of one length. */
    List<int[]> windows(CausalLM model, WindowedText text) {
        int positions = model.config().maxPositionEmbeddings();
        if (window > positions) {
            throw new InvalidInputException("--window must be at most " + positions
                    + ", the positions that this model has, but it is " + window + ".");
        }
        Tokenizer.Bos begin = bos.orElse(source.dataset == null ? Tokenizer.Bos.NO : source.dataset.bos);
        IntFunction<List<int[]>> first = most ->
                text.windows(each -> model.tokenizer().encode(each, begin), window, most);
        int count = windows.orElse(Integer.MAX_VALUE);
        List<int[]> taken = first.apply(Math.max(1, count));
        if (windows.isPresent() && count != taken.size()) {
            throw new InvalidInputException("--windows must be from 1 to " + first.apply(Integer.MAX_VALUE).size()
                    + ", the number of whole windows of " + window + " tokens in the text, but it is "
                    + count + ".");
        }
        return taken;
    }
}
