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
 * @param size how much of the source's text it was measured on; only the whole of it can be held against a
 *     printed value
 * @param text what it was measured on, where that is not the text of the run's folder of results
 * @param unanswered why the question has no answer, where what it presupposes is not so here; {@code value} is NaN then
 */
public record Measured(
        String claim, double value, Optional<Interval> interval, Optional<Effect> effect,
        Run.Size size, Optional<String> text, Optional<String> unanswered) {

    /** A scale-free number, such as a ratio of perplexities, with its interval where there is one. */
    public record Effect(double value, Optional<Interval> interval) {}

    /** A value with neither interval nor effect. */
    public static Measured of(String claim, double value) {
        return new Measured(claim, value, Optional.empty(), Optional.empty(), Run.Size.FULL, Optional.empty(),
                Optional.empty());
    }

    /**
     * What was asked and has no answer: a share of a gain, for one, where nothing is gained.
     *
     * @param why a few words, such as {@code nothing is gained}
     */
    public static Measured unanswered(String claim, String why) {
        return new Measured(claim, Double.NaN, Optional.empty(), Optional.empty(), Run.Size.FULL, Optional.empty(),
                Optional.of(why));
    }

    /** A value with its interval and no effect of its own: a baseline. */
    public static Measured of(String claim, Interval value) {
        return new Measured(claim, value.estimate(), Optional.of(value), Optional.empty(), Run.Size.FULL,
                Optional.empty(), Optional.empty());
    }

    /** The same measurement with its effect. */
    public Measured withEffect(double effect) {
        return new Measured(
                claim, value, interval, Optional.of(new Effect(effect, Optional.empty())), size, text, unanswered);
    }

    /** The same measurement with its effect, where that could be asked. */
    public Measured withEffect(Optional<Interval> effect) {
        return effect.map(this::withEffect).orElse(this);
    }

    /** The same measurement with its effect and that effect's interval. */
    public Measured withEffect(Interval effect) {
        return new Measured(claim, value, interval,
                Optional.of(new Effect(effect.estimate(), Optional.of(effect))), size, text, unanswered);
    }

    /** The same measurement, made on so much of the text and no more. */
    public Measured on(Run.Size most) {
        return new Measured(
                claim, value, interval, effect, size.compareTo(most) < 0 ? size : most, text, unanswered);
    }

    /** The same measurement, made on this text and not on that of the run's folder of results. */
    public Measured onText(String name) {
        return new Measured(claim, value, interval, effect, size, Optional.of(name), unanswered);
    }

    /** The same measurement, made on another text than the source's: never held against the printed value. */
    public Measured onAnotherText() {
        return on(Run.Size.DEFAULT);
    }
}
