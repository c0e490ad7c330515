package superweight.stats;

import java.util.List;
import java.util.Optional;

/**
 * Which share of a loss in perplexity a remedy regains: {@code (worse - remedied) / (worse - better)}, as the paper's
 * Tables 3, 4 and 7 print it; 1 where the remedy is as good as the better model, below 0 where it does harm.
 *
 * @param bootstrap over windows
 */
public record RegainedShare(PairedBootstrap bootstrap) {
    /**
     * Every value is the mean negative log-likelihood of a window, of the same windows in the same order.
     *
     * @param better the model that the gap is measured to
     * @param worse the model without a remedy
     * @return empty where the gap itself is not beyond the choice of windows, so that there is nothing to have a share
     *     of
     */
    public Optional<Interval> of(double[] better, double[] worse, double[] remedied) {
        if (!(bootstrap.perplexityRatio(better, worse).low() > 1)) {
            return Optional.empty();
        }
        return Optional.of(bootstrap.ofAverages(
                List.of(List.of(better), List.of(worse), List.of(remedied)),
                nll -> (Math.exp(nll[1]) - Math.exp(nll[2])) / (Math.exp(nll[1]) - Math.exp(nll[0]))));
    }
}
