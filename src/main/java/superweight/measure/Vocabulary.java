package superweight.measure;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import superweight.model.CausalLM;
import superweight.model.Tokenizer;

/**
 * The tokens of a model as texts.
 *
 * @param texts each token decoded by itself, in the order of ids
 */
public record Vocabulary(List<String> texts) {
    public Vocabulary {
        texts = List.copyOf(texts);
    }

    /** Decodes every token that a model gives a probability. */
    public static Vocabulary of(CausalLM model) {
        Tokenizer tokenizer = model.tokenizer();
        return new Vocabulary(
                IntStream.range(0, model.config().vocabSize()).mapToObj(tokenizer::decode).toList());
    }

    /**
     * A token as a word: without one leading blank, in lower case.
     *
     * <p>Tokenizers that mark the beginning of a word by a blank show a piece inside a word without it, those that
     * drop the blank of a single token (Llama's) show both alike; here they count as one.
     */
    static String word(String token) {
        return (token.startsWith(" ") ? token.substring(1) : token).toLowerCase(Locale.ROOT);
    }

    /** All tokens as words, in the order of ids. */
    public List<String> words() {
        return texts.stream().map(Vocabulary::word).toList();
    }

    /** The tokens that read as a word, in ascending order; several, such as {@code " the"} and {@code "The"}. */
    public int[] reading(String word) {
        return IntStream.range(0, texts.size()).filter(id -> word(texts.get(id)).equals(word)).toArray();
    }

    /** Of the tokens that read as a word the one of the highest probability; empty where there is none. */
    public Optional<Integer> likeliest(String word, double[] probabilities) {
        return IntStream.of(reading(word)).boxed().max(Comparator.comparingDouble(id -> probabilities[id]));
    }

    /** The tokens of the highest probabilities, highest first; of equals the one of the smaller id. */
    public static int[] top(double[] probabilities, int count) {
        return IntStream.range(0, probabilities.length).boxed()
                .sorted(Comparator.comparingDouble(id -> -probabilities[id]))
                .limit(count)
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** A token between quotes, with its blank and with line breaks written out; bytes of a cut character by their id. */
    public String quoted(int id) {
        String text = texts.get(id);
        return text.contains("\uFFFD")
                ? "token " + id
                : "'" + text.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t") + "'";
    }
}
