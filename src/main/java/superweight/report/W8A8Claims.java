package superweight.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import superweight.report.W8A8Comparison.Row;
import superweight.stats.Interval;

/**
 * What a {@link W8A8Comparison} says about the paper's Tables 3, 4 and 7 on one text.
 *
 * @param original perplexity of the float model
 * @param naive the way that the others are held against
 * @param smoothQuant at the paper's alpha
 * @param heldOut the paper's "Ours"
 */
public record W8A8Claims(Interval original, Row naive, Row smoothQuant, Row heldOut) {
    /**
     * Each column of the tables for which there is a claim; a share of a gain that is not there is asked too, and has
     * no answer.
     *
     * @param text as claims name it, such as {@code wikitext2}
     * @param claims gives the id of the claim that the run is about, by what its id begins with ({@link Run#claim})
     */
    public List<Measured> on(String text, Function<String, Optional<String>> claims) {
        List<Measured> measured = new ArrayList<>();
        claims.apply("w8a8-float-" + text).ifPresent(id -> measured.add(Measured.of(id, original)));
        claims.apply("w8a8-naive-" + text).ifPresent(id ->
                measured.add(Measured.of(id, naive.perplexity()).withEffect(naive.original())));
        claims.apply("w8a8-smoothquant-" + text).ifPresent(id ->
                measured.add(Measured.of(id, smoothQuant.perplexity()).withEffect(smoothQuant.naive())));
        claims.apply("w8a8-ours-" + text).ifPresent(id ->
                measured.add(Measured.of(id, heldOut.perplexity()).withEffect(heldOut.naive())));
        claims.apply("w8a8-share-of-smoothquant-" + text).ifPresent(id -> measured.add(
                share(id, heldOut.ofSmoothQuant(), "SmoothQuant gains nothing beyond noise")));
        claims.apply("w8a8-share-of-gap-" + text).ifPresent(id -> measured.add(
                share(id, heldOut.ofGap(), "quantizing costs nothing beyond noise")));
        return measured;
    }

    private static Measured share(String claim, Optional<Interval> share, String whyNone) {
        return share.map(Interval::inPercent)
                .map(percent -> Measured.of(claim, percent).withEffect(percent))
                .orElseGet(() -> Measured.unanswered(claim, whyNone));
    }
}
