package superweight.find;

/**
 * What makes a scalar of down_proj a super weight. The paper leaves this to the eye (section 3.1: "until
 * the magnitudes of large maximum activations are greatly suppressed"). Here it is a few inequalities;
 * docs/finding.md shows the data they were chosen on and the data they were checked on.
 *
 * @param superActivation a channel holds a super activation if its largest magnitude in the residual
 *     stream, at the end of the early layers, is at least this share of the largest of all channels
 * @param early the share of the layers that counts as early
 * @param spike a layer's down_proj proposes a weight if its output in such a channel is at least this
 *     many times the median magnitude of the layer's outputs
 * @param share and if one product of activation and weight makes at least this share of that output
 * @param needed a weight proposed is a super weight if its product makes at least this share of the super
 *     activation, or if pruning it alone lowers the super activation by at least this share
 * @param suppressed the search ends when each super activation has fallen to this share of itself
 * @param agreement over several prompts: the share of them on which a weight must be found
 */
public record DetectionRule(
        double superActivation,
        double early,
        double spike,
        double share,
        double needed,
        double suppressed,
        double agreement) {

    /** The rule that results are made with. */
    public static final DetectionRule DEFAULT = new DetectionRule(0.1, 0.8, 100, 0.2, 0.2, 0.25, 0.5);

    /** The last of a model's early layers: where super activations are measured. */
    public int lastEarlyLayer(int layers) {
        return (int) Math.ceil(early * layers) - 1;
    }

    boolean isSuperActivation(double value, double largest) {
        return Math.abs(value) >= superActivation * largest;
    }

    boolean proposes(Candidate candidate) {
        return candidate.spike().timesMedian() >= spike && candidate.share() >= share;
    }

    /**
     * @param written the share of the super activation that the weight's product makes
     * @param lost the share of it that goes when the weight alone is pruned
     */
    boolean isSuperWeight(double written, double lost) {
        return written >= needed || lost >= needed;
    }

    boolean isSuppressed(double left, double original) {
        return Math.abs(left) <= suppressed * Math.abs(original);
    }
}
