package superweight.measure;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import superweight.Progress;
import superweight.measure.Continuation.Tokenized;
import superweight.model.CausalLM;

/**
 * How well a text that some model wrote reads to another one, and how little it repeats itself. Both are needed: a text
 * of one word again and again is easy to predict.
 *
 * @param nll mean negative log-likelihood of the new tokens under the model that reads, in nats
 * @param distinctBigrams share of the pairs of neighbouring new tokens that are different ones, above 0 to 1
 */
public record Fluency(double nll, double distinctBigrams) {

    /**
     * Reads continuations, of at least two new tokens each.
     *
     * @param reader the original model, whoever wrote them
     */
    public static List<Fluency> of(CausalLM reader, List<Generation> texts, Progress progress) {
        List<Tokenized> continuations = texts.stream()
                .map(text -> new Tokenized(
                        IntStream.concat(ints(text.promptIds()), ints(text.ids())).toArray(), text.ids().size()))
                .toList();
        List<LogLikelihood> scores =
                LogLikelihood.measure(reader, continuations, Condition.ORIGINAL, progress);
        return IntStream.range(0, texts.size())
                .mapToObj(i -> new Fluency(
                        -scores.get(i).sum() / texts.get(i).ids().size(), distinctBigrams(texts.get(i).ids())))
                .toList();
    }

    static double distinctBigrams(List<Integer> ids) {
        if (ids.size() < 2) {
            throw new IllegalArgumentException("a text of " + ids.size() + " new tokens has no bigrams");
        }
        Set<List<Integer>> different = new HashSet<>();
        for (int i = 1; i < ids.size(); i++) {
            different.add(ids.subList(i - 1, i + 1));
        }
        return (double) different.size() / (ids.size() - 1);
    }

    private static IntStream ints(List<Integer> ids) {
        return ids.stream().mapToInt(Integer::intValue);
    }
}
