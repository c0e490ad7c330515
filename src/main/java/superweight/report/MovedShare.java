package superweight.report;

import java.util.stream.IntStream;
import superweight.measure.NextTokenDistribution;
import superweight.measure.Vocabulary;
import superweight.stats.Interval;
import superweight.stats.PairedBootstrap;

/** Of the probability that a change moves between tokens the share that goes to stopwords, with its uncertainty. */
public final class MovedShare {
    private MovedShare() {}

    /**
     * {@link superweight.measure.MovedMass#shareToStopwords()} with an interval over prompts.
     *
     * <p>A resample draws prompts anew but asks for the tokens that rise in all of them: were these picked anew too,
     * every token that hardly moves would rise in half of the resamples by chance, and that would count as moved.
     *
     * @param original and {@code changed}, on the same prompts
     */
    public static Interval toStopwords(
            Vocabulary vocabulary,
            NextTokenDistribution original,
            NextTokenDistribution changed,
            PairedBootstrap bootstrap) {
        double[] before = original.mean();
        double[] after = changed.mean();
        int[] rising = IntStream.range(0, before.length).filter(id -> after[id] > before[id]).toArray();
        int[] stopwords = IntStream.of(rising)
                .filter(id -> vocabulary.tokens().get(id).kind().isStopwordOfThePaper())
                .toArray();
        return bootstrap.ratioOfMeans(gain(original, changed, rising), gain(original, changed, stopwords));
    }

    /** Prompt by prompt; some prompts' probability may fall where the mean rises. */
    private static double[] gain(NextTokenDistribution original, NextTokenDistribution changed, int[] ids) {
        double[] before = original.mass(ids);
        double[] after = changed.mass(ids);
        return IntStream.range(0, before.length).mapToDouble(prompt -> after[prompt] - before[prompt]).toArray();
    }
}
