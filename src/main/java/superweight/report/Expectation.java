package superweight.report;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import superweight.report.Inequality.Outcome;
import superweight.report.Inequality.Sense;
import superweight.stats.Interval;

/**
 * What an explanation expects of a measurement, as bounds that may turn out false.
 *
 * @param bounds all of which have to hold; none where it expects nothing
 */
public record Expectation(List<Inequality> bounds) {
    /** It would explain any value. */
    public static final Expectation NONE = new Expectation(List.of());

    public Expectation {
        bounds = List.copyOf(bounds);
    }

    public static Expectation moreThan(double bound) {
        return new Expectation(List.of(new Inequality(Sense.MORE_THAN, bound)));
    }

    public static Expectation lessThan(double bound) {
        return new Expectation(List.of(new Inequality(Sense.LESS_THAN, bound)));
    }

    public static Expectation atLeast(double bound) {
        return new Expectation(List.of(new Inequality(Sense.AT_LEAST, bound)));
    }

    public static Expectation atMost(double bound) {
        return new Expectation(List.of(new Inequality(Sense.AT_MOST, bound)));
    }

    /** That there is next to no difference: neither above nor below. */
    public static Expectation within(double bound) {
        return new Expectation(
                List.of(new Inequality(Sense.AT_LEAST, -bound), new Inequality(Sense.AT_MOST, bound)));
    }

    /** Holds if all bounds do, does not if one does not; empty where nothing is expected. */
    public Optional<Outcome> judge(Interval measured) {
        List<Outcome> outcomes = bounds.stream()
                .map(bound -> bound.judge(measured.estimate(), Optional.of(measured)))
                .toList();
        if (outcomes.isEmpty()) {
            return Optional.empty();
        }
        if (outcomes.contains(Outcome.DOES_NOT_HOLD)) {
            return Optional.of(Outcome.DOES_NOT_HOLD);
        }
        return Optional.of(outcomes.contains(Outcome.UNDECIDED) ? Outcome.UNDECIDED : Outcome.HOLDS);
    }

    @Override
    public String toString() {
        return bounds.isEmpty()
                ? "anything" : bounds.stream().map(Inequality::toString).collect(Collectors.joining(" and "));
    }
}
