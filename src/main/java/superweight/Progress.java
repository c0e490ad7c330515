package superweight;

import java.util.List;
import java.util.function.Supplier;

/** Follows a long measurement: is told how far it has come, and may keep what it has measured. */
@FunctionalInterface
public interface Progress {
    /** Tells nobody and keeps nothing. */
    Progress NONE = (fraction, what) -> {};

    /**
     * @param fraction share of the work that is done, from 0 to 1
     * @param what what is being done, in a few words
     */
    void at(double fraction, String what);

    /**
     * One step of the measurement, small enough to be done again: measured now, or handed out as an interrupted run of
     * the same measured it.
     *
     * @param inputs all that the results depend on, as data; steps whose inputs are equal have equal results
     * @param type what the results are: records of numbers, words, arrays, lists and records
     * @param measurement gives them
     */
    default <R extends Record> List<R> step(Record inputs, Class<R> type, Supplier<List<R>> measurement) {
        return measurement.get();
    }

    /** The part of this progress between two fractions, as a progress of its own. */
    default Progress between(double from, double to) {
        return telling((fraction, what) -> at(from + (to - from) * fraction, what));
    }

    /** The same, which also says what is measured. */
    default Progress of(String measured) {
        return telling((fraction, what) -> at(fraction, measured + ", " + what));
    }

    private Progress telling(Progress told) {
        Progress keeping = this;
        return new Progress() {
            @Override
            public void at(double fraction, String what) {
                told.at(fraction, what);
            }

            @Override
            public <R extends Record> List<R> step(Record inputs, Class<R> type, Supplier<List<R>> measurement) {
                return keeping.step(inputs, type, measurement);
            }
        };
    }
}
