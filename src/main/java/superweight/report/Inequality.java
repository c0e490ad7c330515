package superweight.report;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import superweight.stats.Interval;

/**
 * A claim's conclusion as a bound on a scale-free number, such as {@code >= 10} for a perplexity
 * ratio, so that it can be asked of any model.
 */
public record Inequality(Sense sense, double threshold) {
    /** The four ways to bound a number. */
    public enum Sense {
        AT_LEAST(">="), AT_MOST("<="), MORE_THAN(">"), LESS_THAN("<");

        private final String sign;

        Sense(String sign) {
            this.sign = sign;
        }

        boolean holds(double value, double threshold) {
            return switch (this) {
                case AT_LEAST -> value >= threshold;
                case AT_MOST -> value <= threshold;
                case MORE_THAN -> value > threshold;
                case LESS_THAN -> value < threshold;
            };
        }
    }

    /** What a run says about the conclusion, its uncertainty considered. */
    public enum Outcome {
        HOLDS("holds"), DOES_NOT_HOLD("does not hold"), UNDECIDED("undecided"),
        /** It was asked, but what the question presupposes is not so. */
        NO_ANSWER("no answer");

        private final String words;

        Outcome(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    private static final Pattern FORM = Pattern.compile("(>=|<=|>|<) (-?\\d+(?:\\.\\d+)?)");

    /** Reads {@code ">= 10"}; empty where the text has another form. */
    static Optional<Inequality> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        for (Sense sense : Sense.values()) {
            if (sense.sign.equals(matcher.group(1))) {
                return Optional.of(new Inequality(sense, Double.parseDouble(matcher.group(2))));
            }
        }
        return Optional.empty();
    }

    /** False for NaN. */
    public boolean holds(double value) {
        return sense.holds(value, threshold);
    }

    /** Undecided where the ends of the interval disagree about the conclusion. */
    public Outcome judge(double value, Optional<Interval> interval) {
        boolean straddles = interval
                .map(ends -> holds(ends.low()) != holds(ends.high()))
                .orElse(false);
        if (straddles) {
            return Outcome.UNDECIDED;
        }
        return holds(value) ? Outcome.HOLDS : Outcome.DOES_NOT_HOLD;
    }

    @Override
    public String toString() {
        return sense.sign + " " + CellFormat.shortest().format(threshold);
    }
}
