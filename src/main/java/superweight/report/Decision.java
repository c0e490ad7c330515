package superweight.report;

import java.util.Optional;
import superweight.stats.Interval;

/**
 * What a run or printed numbers say about a contradiction.
 *
 * @param id the contradiction's
 * @param outcome which of the two answers stands
 * @param evidence the numbers that say so, in a line
 * @param ratio perplexity by the second answer over that by the first, where both were measured
 */
public record Decision(String id, Outcome outcome, String evidence, Optional<Interval> ratio) {
    /** Which of two contradicting answers stands. */
    public enum Outcome {
        ONE("the first"),
        OTHER("the second"),
        BOTH("both, each in its place"),
        NEITHER("neither"),
        DIFFER("not the same thing"),
        NOT_TOLD_APART("not told apart");

        private final String words;

        Outcome(String words) {
            this.words = words;
        }

        /** Of two answers that can each be true or false. */
        public static Outcome of(boolean one, boolean other) {
            return one ? (other ? BOTH : ONE) : (other ? OTHER : NEITHER);
        }

        /** Of two ways to do a thing, neither of them wrong: whether it shows which one was taken. */
        public static Outcome ofDifference(boolean differs) {
            return differs ? DIFFER : NOT_TOLD_APART;
        }

        /** The same where the ratio of what they lead to was measured: they differ if its interval leaves out 1. */
        public static Outcome ofRatio(Interval ratio) {
            return ofDifference(ratio.low() > 1 || ratio.high() < 1);
        }

        @Override
        public String toString() {
            return words;
        }
    }

    public Decision {
        if (evidence.isBlank()) {
            throw new IllegalArgumentException("a decision without evidence: " + id);
        }
    }

    public static Decision of(String id, Outcome outcome, String evidence) {
        return new Decision(id, outcome, evidence, Optional.empty());
    }

    /** The same with what the two answers lead to. */
    public Decision withRatio(Interval measured) {
        return new Decision(id, outcome, evidence, Optional.of(measured));
    }
}
