package superweight.measure;

import java.util.EnumMap;
import java.util.Map;

/**
 * The probability that goes from some tokens to others where one distribution becomes another.
 *
 * @param gained what all tokens of a kind that rise gain
 * @param lost what all tokens of a kind that fall lose; as much in all
 */
public record MovedMass(Map<TokenKind, Double> gained, Map<TokenKind, Double> lost) {
    public MovedMass {
        gained = Map.copyOf(gained);
        lost = Map.copyOf(lost);
    }

    /**
     * @param original a probability for each token of the vocabulary, {@code [vocab]}
     * @param changed the same after the change
     */
    public static MovedMass between(Vocabulary vocabulary, double[] original, double[] changed) {
        Map<TokenKind, Double> gained = new EnumMap<>(TokenKind.class);
        Map<TokenKind, Double> lost = new EnumMap<>(TokenKind.class);
        for (TokenKind kind : TokenKind.values()) {
            gained.put(kind, 0.0);
            lost.put(kind, 0.0);
        }
        for (Token token : vocabulary.tokens()) {
            double difference = changed[token.id()] - original[token.id()];
            (difference > 0 ? gained : lost).merge(token.kind(), Math.abs(difference), Double::sum);
        }
        return new MovedMass(gained, lost);
    }

    /** All that moves: the distributions' total variation distance, from 0 to 1. */
    public double total() {
        return gained.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    /** The share of all that moves which goes to stopwords, punctuation counted with them as the paper does. */
    public double shareToStopwords() {
        return (gained.get(TokenKind.STOPWORD) + gained.get(TokenKind.PUNCTUATION)) / total();
    }
}
