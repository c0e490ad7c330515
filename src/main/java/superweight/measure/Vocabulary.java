package superweight.measure;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import superweight.model.CausalLM;
import superweight.model.Tokenizer;

/**
 * The tokens of a model, each with what it counts as.
 *
 * @param tokens in the order of their ids
 */
public record Vocabulary(List<Token> tokens) {
    public Vocabulary {
        tokens = List.copyOf(tokens);
    }

    /** Every token that a model gives a probability. */
    public static Vocabulary of(CausalLM model, Stopwords stopwords) {
        Tokenizer tokenizer = model.tokenizer();
        return of(IntStream.range(0, model.config().vocabSize()).mapToObj(tokenizer::decode).toList(), stopwords);
    }

    /** Tokens of these texts, their ids from 0 on. */
    public static Vocabulary of(List<String> texts, Stopwords stopwords) {
        List<TokenKind> kinds = stopwords.kinds(texts);
        return new Vocabulary(IntStream.range(0, texts.size())
                .mapToObj(id -> new Token(id, texts.get(id), kinds.get(id)))
                .toList());
    }

    /** The ids of all tokens of a kind, ascending. */
    public int[] ids(TokenKind kind) {
        return tokens.stream().filter(token -> token.kind() == kind).mapToInt(Token::id).toArray();
    }

    /** The tokens that read as a word; several, such as {@code " the"} and {@code "The"}. */
    public List<Token> reading(String word) {
        return tokens.stream().filter(token -> token.word().equals(word)).toList();
    }

    /** Of the tokens that read as a word the likeliest; empty where there is none. */
    public Optional<Token> likeliest(String word, double[] probabilities) {
        return reading(word).stream().max(Comparator.comparingDouble(token -> probabilities[token.id()]));
    }

    /** Of the tokens of a kind the likeliest. */
    public Optional<Token> likeliest(TokenKind kind, double[] probabilities) {
        return tokens.stream()
                .filter(token -> token.kind() == kind)
                .max(Comparator.comparingDouble(token -> probabilities[token.id()]));
    }

    /** The tokens of the highest probabilities, highest first; of equals the one of the smaller id. */
    public List<Token> top(double[] probabilities, int count) {
        return tokens.stream()
                .sorted(Comparator.comparingDouble(token -> -probabilities[token.id()]))
                .limit(count)
                .toList();
    }
}
