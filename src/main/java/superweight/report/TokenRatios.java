package superweight.report;

import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.commons.statistics.descriptive.Median;
import superweight.measure.Token;
import superweight.report.Figure.Source;

/**
 * How many times the original's probability some tokens have after a change, each token counting once.
 *
 * @param model whose probabilities these are
 * @param source whether this run or the paper's authors measured them
 * @param tokens those that were likeliest before the change
 * @param original their mean probabilities over prompts
 * @param changed the same after the change
 */
public record TokenRatios(
        String model, Source source, List<Token> tokens, List<Double> original, List<Double> changed) {
    public TokenRatios {
        tokens = List.copyOf(tokens);
        original = List.copyOf(original);
        changed = List.copyOf(changed);
        if (tokens.isEmpty() || original.size() != tokens.size() || changed.size() != tokens.size()) {
            throw new IllegalArgumentException("every token needs a probability before and one after, and one token at"
                    + " least is needed: %d, %d, %d".formatted(tokens.size(), original.size(), changed.size()));
        }
    }

    /**
     * Of this run.
     *
     * @param original mean probabilities of the whole vocabulary, {@code [vocab]}
     * @param changed the same after the change
     */
    public static TokenRatios ofThisRun(String model, List<Token> tokens, double[] original, double[] changed) {
        return new TokenRatios(
                model,
                Source.THIS_RUN,
                tokens,
                tokens.stream().map(token -> original[token.id()]).toList(),
                tokens.stream().map(token -> changed[token.id()]).toList());
    }

    /** What the paper calls stopwords, punctuation among them. */
    public TokenRatios stopwords() {
        return where(token -> token.kind().isStopwordOfThePaper());
    }

    /** All others. */
    public TokenRatios others() {
        return where(token -> !token.kind().isStopwordOfThePaper());
    }

    private TokenRatios where(Predicate<Token> wanted) {
        int[] kept = IntStream.range(0, tokens.size()).filter(i -> wanted.test(tokens.get(i))).toArray();
        return new TokenRatios(
                model,
                source,
                Arrays.stream(kept).mapToObj(tokens::get).toList(),
                Arrays.stream(kept).mapToObj(original::get).toList(),
                Arrays.stream(kept).mapToObj(changed::get).toList());
    }

    /** One ratio a token. */
    public double[] ratios() {
        return IntStream.range(0, tokens.size()).mapToDouble(i -> changed.get(i) / original.get(i)).toArray();
    }

    /** The ratio of the token that a table or a figure calls so; the first of several. */
    public double ratio(String word) {
        return IntStream.range(0, tokens.size())
                .filter(i -> tokens.get(i).text().equals(word) || tokens.get(i).text().equals(" " + word))
                .mapToDouble(i -> changed.get(i) / original.get(i))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no token " + word + " among those of " + model));
    }

    /** The probability of all of them before. */
    public double massBefore() {
        return original.stream().mapToDouble(Double::doubleValue).sum();
    }

    /** The probability of all of them after. */
    public double massAfter() {
        return changed.stream().mapToDouble(Double::doubleValue).sum();
    }

    /** How many times the probability that they had together they have after. */
    public double together() {
        return massAfter() / massBefore();
    }

    public double median() {
        return Median.withDefaults().evaluate(ratios());
    }

    public double smallest() {
        return Arrays.stream(ratios()).min().orElseThrow();
    }

    public double largest() {
        return Arrays.stream(ratios()).max().orElseThrow();
    }

    /** The share of the tokens that are likelier after. */
    public double rising() {
        return (double) Arrays.stream(ratios()).filter(ratio -> ratio > 1).count() / tokens.size();
    }
}
