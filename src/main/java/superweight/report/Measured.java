package superweight.report;

import java.util.Optional;
import superweight.stats.Interval;

/**
 * What one run measured for one claim.
 *
 * @param claim the claim's id
 * @param value in the claim's unit; infinite or NaN where the model was destroyed that far
 * @param interval around {@code value}, where there is one
 * @param effect the scale-free number that the claim's bound is about
 */
public record Measured(
        String claim, double value, Optional<Interval> interval, Optional<Effect> effect) {

    /** A scale-free number, such as a ratio of perplexities, with its interval where there is one. */
    public record Effect(double value, Optional<Interval> interval) {}

    /** A value with neither interval nor effect. */
    public static Measured of(String claim, double value) {
        return new Measured(claim, value, Optional.empty(), Optional.empty());
    }

    /** A value with its interval and no effect of its own: a baseline. */
    public static Measured of(String claim, Interval value) {
        return new Measured(claim, value.estimate(), Optional.of(value), Optional.empty());
    }

    /** The same measurement with its effect. */
    public Measured withEffect(double effect) {
        return new Measured(
                claim, value, interval, Optional.of(new Effect(effect, Optional.empty())));
    }

    /** The same measurement with its effect and that effect's interval. */
    public Measured withEffect(Interval effect) {
        return new Measured(claim, value, interval,
                Optional.of(new Effect(effect.estimate(), Optional.of(effect))));
    }
}
