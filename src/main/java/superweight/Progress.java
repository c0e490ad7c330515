package superweight;

/** Told how far a long measurement has come. */
@FunctionalInterface
public interface Progress {
    /** Tells nobody. */
    Progress NONE = (fraction, what) -> {};

    /**
     * @param fraction share of the work that is done, from 0 to 1
     * @param what what is being done, in a few words
     */
    void at(double fraction, String what);

    /** The part of this progress between two fractions, as a progress of its own. */
    default Progress between(double from, double to) {
        return (fraction, what) -> at(from + (to - from) * fraction, what);
    }
}
